namespace ModelBuild.Tasks.Items;

/// <summary>One model with all that is asked for it: metadata, project defaults and the tables of DESIGN.md, resolved.</summary>
internal sealed record ModelRequest
{
    /// <summary>The class name: unique in a project, and the beginning of the name of each file in obj.</summary>
    public string Id { get; init; } = "";

    /// <summary>The absolute path of the project file.</summary>
    public string Project { get; init; } = "";

    /// <summary>The absolute path of the model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The model's path as receipts and messages show it: relative to the project, with slashes.</summary>
    public string ModelDisplay { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary><c>internal</c> or <c>public</c>.</summary>
    public string Access { get; init; } = "";

    public string Compression { get; init; } = "";

    /// <summary>The absolute path of a recipe file, or null.</summary>
    public string? Recipe { get; init; }

    /// <summary>Absolute paths in ordinal order.</summary>
    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    /// <summary>The absolute path of a calibration file, which stands in for data; null where there is data, or no file.</summary>
    public string? CalibrationFile { get; init; }

    public string MaxAccuracyLoss { get; init; } = "";

    public string MinSqnr { get; init; } = "";

    /// <summary>What outputs hold, such as <c>last_hidden_state:embedding; boxes:boxes</c>; null to find it by rules.</summary>
    public string? Fidelity { get; init; }

    public string? MaxSize { get; init; }

    /// <summary>Which knobs the item itself sets, so that the program can say where one has no effect.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>Execution providers in the order in which the wrapper tries them.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Into how many models that run one after the other the result is cut; 1 for none.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>What the recipe is made for, such as <c>cpu-x64</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>The absolute path of a text or JSON file, <c>metadata:key</c>, or null.</summary>
    public string? Labels { get; init; }

    /// <summary>Which output is which input of the next call, such as <c>stateN=state; cN=c</c>; <c>none</c>, or null to look for them.</summary>
    public string? State { get; init; }

    /// <summary>Names in C# for inputs, outputs and dimensions, such as <c>softmax_11.tmp_0=Scores; n.1=width</c>; null where their own will do.</summary>
    public string? Names { get; init; }

    /// <summary><c>copy</c>, <c>embed</c> or <c>none</c>.</summary>
    public string Deploy { get; init; } = "";

    /// <summary>The path beside the application, or the resource's logical name.</summary>
    public string DeployPath { get; init; } = "";

    /// <summary>The models in obj, and the paths to which they are deployed.</summary>
    public IEnumerable<(string File, string DeployPath)> Outputs =>
        Files.Outputs(Parts).Select((file, i) => (file, Parts < 2 ? DeployPath : Path.ChangeExtension(DeployPath, $"{i + 1}.onnx")));

    public ModelFiles Files { get; init; } = new("", "");

    public string Cache { get; init; } = "";
}
