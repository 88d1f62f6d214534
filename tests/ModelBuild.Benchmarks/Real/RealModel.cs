namespace ModelBuild.Benchmarks.Real;

/// <summary>A model with real inputs for it.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="File">Its file; it is made in the folder where it is generated. Null where the corpus or the package feed lacks it.</param>
/// <param name="Data">Writes the inputs to fit to, or to judge on, as an <c>.npz</c> file.</param>
internal sealed record RealModel(string Name, Func<string, string?> File, SaveData Data)
{
    /// <summary>Whether the float model's own answers stand for the true classes, which are not known.</summary>
    public bool LabelsItself { get; init; }

    /// <summary>Writes the data of one kind into a folder.</summary>
    /// <returns>The file.</returns>
    public string Save(string model, string folder, bool isTest)
    {
        var path = Path.Combine(folder, $"{Name}-{(isTest ? "test" : "calibration")}.npz");
        Data(path, model, isTest);
        if (LabelsItself)
            OwnLabels.Add(path, model);
        return path;
    }
}
