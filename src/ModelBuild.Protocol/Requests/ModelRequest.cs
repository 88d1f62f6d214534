namespace ModelBuild.Protocol;

/// <summary>
/// Represents the request of one model as the build passes it to the program: item metadata, project properties and defaults of the package, resolved. All
/// paths are absolute. <see cref="RequestFields"/> lists the fields of the request's document.
/// </summary>
internal sealed record ModelRequest
{
    /// <summary>Gets the class name. It is unique in a project, and the name of each file of the model in obj starts with it.</summary>
    public string Id { get; init; } = "";

    /// <summary>Gets the path of the project file.</summary>
    public string Project { get; init; } = "";

    /// <summary>Gets the path of the model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Gets the model's path for receipts and messages: relative to the project, with forward slashes.</summary>
    public string ModelDisplay { get; init; } = "";

    /// <summary>Gets the values that only the generator reads, by the names of their metadata.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the descriptions of inputs and outputs that the item has, by the names of their metadata.</summary>
    public IReadOnlyDictionary<string, string> Descriptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets <c>graph</c> if the preparation of images becomes a part of the model; otherwise <c>none</c>.</summary>
    public string Preprocess { get; init; } = "";

    /// <summary>Gets the compression steps of the model, <c>auto</c> or <c>none</c>.</summary>
    public string Compression { get; init; } = "";

    /// <summary>Gets the path of a recipe file; null if there is none.</summary>
    public string? Recipe { get; init; }

    /// <summary>Gets the files of calibration data in ordinal order.</summary>
    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    /// <summary>Gets the path of a calibration file, which replaces calibration data; null if there is data or no such file.</summary>
    public string? CalibrationFile { get; init; }

    /// <summary>Gets the files of training data in ordinal order; empty if there are none on this machine.</summary>
    public IReadOnlyList<string> TrainingData { get; init; } = [];

    /// <summary>Gets the files of validation data in ordinal order; empty if there are none on this machine.</summary>
    public IReadOnlyList<string> ValidationData { get; init; } = [];

    /// <summary>Gets the path of a file with trained values, which the item names or which exists beside the model; null if there is no such file.</summary>
    public string? TrainedFile { get; init; }

    /// <summary>Gets whether the build trains if there are no trained values.</summary>
    public bool Train { get; init; }

    /// <summary>Gets the command that writes the trained values of this model, for messages.</summary>
    public string TrainCommand { get; init; } = "";

    /// <summary>Gets the largest allowed loss of accuracy.</summary>
    public string MaxAccuracyLoss { get; init; } = "";

    /// <summary>Gets the lowest allowed signal-to-noise ratio in dB; empty if the measures of the outputs' kinds apply.</summary>
    public string MinSqnr { get; init; } = "";

    /// <summary>Gets the kinds of outputs, such as <c>last_hidden_state:embedding; boxes:boxes</c>; null if rules determine them.</summary>
    public string? Fidelity { get; init; }

    /// <summary>Gets the largest allowed size of the compressed model, such as <c>5MB</c>; null if there is no limit.</summary>
    public string? MaxSize { get; init; }

    /// <summary>Gets the metadata that the item itself sets. The program reports those that have no effect.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>Gets the execution providers in the order in which the generated class tries them.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Gets the number of stages that the result is cut into; 1 if it is not cut.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>Gets the target of the recipe, such as <c>cpu-x64</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>Gets the path of a text or JSON file with labels, or <c>metadata:key</c>; null if there are no labels.</summary>
    public string? Labels { get; init; }

    /// <summary>
    /// Gets the outputs that become inputs of the next call, such as <c>stateN=state; cN=c</c>; <c>none</c> for no states, null to find them by rules.
    /// </summary>
    public string? State { get; init; }

    /// <summary>
    /// Gets the C# names of inputs, outputs and dimensions, such as <c>softmax_11.tmp_0=Scores; n.1=width</c>; null if the names of the model are used.
    /// </summary>
    public string? Names { get; init; }

    /// <summary>Gets how the model is deployed: <c>copy</c>, <c>embed</c> or <c>none</c>.</summary>
    public string Deploy { get; init; } = "";

    /// <summary>Gets the path of the deployed model relative to the application, or the logical name of the resource.</summary>
    public string DeployPath { get; init; } = "";

    /// <summary>Gets the folder of the project's models in obj.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Gets the cache folder.</summary>
    public string Cache { get; init; } = "";

    /// <summary>Gets the largest size of the cache folder, such as <c>10GB</c>; null for the default.</summary>
    public string? CacheSize { get; init; }

    /// <summary>Gets the address of the remote cache; null if there is none.</summary>
    public string? RemoteCache { get; init; }

    /// <summary>Gets whether results are written to the remote cache.</summary>
    public bool RemoteCachePush { get; init; }

    /// <summary>Gets whether results from the remote cache are verified again.</summary>
    public bool RemoteCacheVerify { get; init; }

    /// <summary>Gets the path of the managed library of the project's ONNX Runtime; null if the build phase does not need it.</summary>
    public string? OnnxRuntimeManaged { get; init; }

    /// <summary>Gets the folder of the native library of the project's ONNX Runtime; null if the build phase does not need it.</summary>
    public string? OnnxRuntimeNative { get; init; }

    /// <summary>Gets the model's files in obj.</summary>
    public ModelFiles Files => new(Folder, Id);

    /// <summary>Gets the models in obj and their deployment paths.</summary>
    public IEnumerable<(string File, string DeployPath)> Outputs =>
        Files.Outputs(Stages).Select((file, i) => (file, Stages < 2 ? DeployPath : Path.ChangeExtension(DeployPath, $"{i + 1}.onnx")));
}
