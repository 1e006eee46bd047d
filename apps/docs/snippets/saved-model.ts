import { sleepstudy } from "@lmmkit/datasets/sleepstudy";
import { lmm, loadModel, predict, saveModel } from "@lmmkit/lmm";

const model = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy.table);
const text = JSON.stringify(saveModel(model, { data: false }));

// Elsewhere, another day:
const again = loadModel(text);
const { fit } = predict(again, { Days: [10] }, { reForm: "none" });
console.log(
  `${(text.length / 1000).toFixed(0)} kB; day 10: ${fit[0].toFixed(1)} ms`,
);
