namespace ModelBuild.Benchmarks.Real;

/// <summary>Writes inputs of a model.</summary>
/// <param name="path">The <c>.npz</c> file to write.</param>
/// <param name="model">The file of the model.</param>
/// <param name="isTest">Whether the inputs are for tests; otherwise they are for calibration.</param>
internal delegate void SaveData(string path, string model, bool isTest);
