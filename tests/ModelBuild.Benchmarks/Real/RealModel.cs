namespace ModelBuild.Benchmarks.Real;

/// <summary>A model with real inputs.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="File">
/// Returns the path of the file; a generated model is saved in the given folder. The path is null if neither the corpus nor the package feed has the model.
/// </param>
/// <param name="Data">Writes the inputs for calibration or for tests as an <c>.npz</c> file.</param>
internal sealed record RealModel(string Name, Func<string, string?> File, SaveData Data)
{
    /// <summary>Whether the classes that the float model predicts are used as labels, because the true classes are not known.</summary>
    public bool LabelsItself { get; init; }

    /// <summary>Writes the data of one kind into a folder.</summary>
    /// <returns>The path of the file.</returns>
    public string Save(string model, string folder, bool isTest)
    {
        var path = Path.Combine(folder, $"{Name}-{(isTest ? "test" : "calibration")}.npz");
        Data(path, model, isTest);
        if (LabelsItself)
            OwnLabels.Add(path, model);
        return path;
    }
}
