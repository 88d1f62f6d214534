namespace ModelBuild.Benchmarks.Real;

/// <summary>Writes a model's inputs.</summary>
/// <param name="path">The <c>.npz</c> file to write.</param>
/// <param name="model">The model's file.</param>
/// <param name="isTest">Whether they are to judge on; otherwise they are to fit to.</param>
internal delegate void SaveData(string path, string model, bool isTest);
