namespace ModelBuild.Protocol;

/// <summary>
/// What the build asks of the program for one model: metadata of the item, defaults of the project and defaults of the package, resolved. All paths
/// are absolute. <see cref="RequestFields"/> lists what the request's document holds of it.
/// </summary>
internal sealed record ModelRequest
{
    /// <summary>The class name: unique in a project, and the beginning of the name of each file in obj.</summary>
    public string Id { get; init; } = "";

    /// <summary>The path of the project file.</summary>
    public string Project { get; init; } = "";

    /// <summary>The path of the model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The model's path as receipts and messages show it: relative to the project, with slashes.</summary>
    public string ModelDisplay { get; init; } = "";

    /// <summary>The values that only the generator reads, by the names of their metadata.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The steps, or <c>auto</c> or <c>none</c>.</summary>
    public string Compression { get; init; } = "";

    /// <summary>The path of a recipe file, or null.</summary>
    public string? Recipe { get; init; }

    /// <summary>The files of calibration data in ordinal order.</summary>
    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    /// <summary>The path of a calibration file, which stands in for data; null where there is data, or no file.</summary>
    public string? CalibrationFile { get; init; }

    /// <summary>The largest loss of accuracy.</summary>
    public string MaxAccuracyLoss { get; init; } = "";

    /// <summary>The least signal to noise ratio in dB; empty for the measures of the outputs' kinds.</summary>
    public string MinSqnr { get; init; } = "";

    /// <summary>What outputs hold, such as <c>last_hidden_state:embedding; boxes:boxes</c>; null to find it by rules.</summary>
    public string? Fidelity { get; init; }

    /// <summary>The largest size of the result, such as <c>5MB</c>, or null.</summary>
    public string? MaxSize { get; init; }

    /// <summary>Which metadata the item itself sets, so that the program can say where one has no effect.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>Execution providers in the order in which the wrapper tries them.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Into how many models that run one after the other the result is cut; 1 for none.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>What the recipe is made for, such as <c>cpu-x64</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>The path of a text or JSON file, <c>metadata:key</c>, or null.</summary>
    public string? Labels { get; init; }

    /// <summary>Which output is which input of the next call, such as <c>stateN=state; cN=c</c>; <c>none</c>, or null to look for them.</summary>
    public string? State { get; init; }

    /// <summary>Names in C# for inputs, outputs and dimensions, such as <c>softmax_11.tmp_0=Scores; n.1=width</c>; null where their own will do.</summary>
    public string? Names { get; init; }

    /// <summary><c>copy</c>, <c>embed</c> or <c>none</c>.</summary>
    public string Deploy { get; init; } = "";

    /// <summary>The path beside the application, or the resource's logical name.</summary>
    public string DeployPath { get; init; } = "";

    /// <summary>The folder of the project's models in obj.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The folder of the cache.</summary>
    public string Cache { get; init; } = "";

    /// <summary>The path of the managed part of the project's ONNX Runtime; null where the stage needs none.</summary>
    public string? OnnxRuntimeManaged { get; init; }

    /// <summary>The folder of the native part of the project's ONNX Runtime; null where the stage needs none.</summary>
    public string? OnnxRuntimeNative { get; init; }

    /// <summary>The model's files in obj.</summary>
    public ModelFiles Files => new(Folder, Id);

    /// <summary>The models in obj, and the paths to which they are deployed.</summary>
    public IEnumerable<(string File, string DeployPath)> Outputs =>
        Files.Outputs(Stages).Select((file, i) => (file, Stages < 2 ? DeployPath : Path.ChangeExtension(DeployPath, $"{i + 1}.onnx")));
}
