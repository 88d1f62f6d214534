namespace ModelBuild.Architecture.Tests;

/// <summary>The folders of the smaller projects have one direction.</summary>
public sealed class FolderTests
{
    private static readonly Dictionary<string, Levels> Orders = new(StringComparer.Ordinal)
    {
        // A model's host and its batches refer to each other: ModelHost, ModelCall, ModelResult, ModelStream, GenerationStream, CallPool, TensorView,
        // ModelBatcher, BatchRunner and WaitingCall. This is the one circle, so both are one part.
        ["ModelBuild.Runtime"] = new(
            ["Protocol", "Native"],
            ["Values"],
            ["Contracts", "Pictures", "Providers", "Sounds"],
            ["Detections", "Maps", "Shapes", "Sources", "Telemetry"],
            ["Calls", "Compiled"],
            ["Loading", "Recording"],
            ["Engines"],
            ["Generation", "Remote"],
            ["Host"]
        ),
        ["ModelBuild.Imaging"] = new(["Files", "Pixels"], ["Decoding", "Drawing", "Encoding"], [""]),
        ["ModelBuild.Serving"] = new(["Protocol", "Options", "Telemetry"], ["Limits"], ["Models"], ["Requests"], ["Rest", "Rpc"], [""]),
        ["ModelBuild.Generator"] = new(
            ["Protocol", "Code", "Naming", "Projects"],
            ["Signatures"],
            ["Shapes", "Types"],
            ["Classes"],
            ["Diagnostics", "Emit"],
            [""]
        ),
        ["ModelBuild.Tasks"] = new(["Protocol", "OnnxRuntime", "State"], ["Messages"], ["Items"], ["Packing", "Terminal"], ["Program"], [""]),
        // Files is free of libraries for tokens, so that other projects can compile it.
        ["ModelBuild.Text"] = new(["Files"], ["Encodings"], ["Native", "Results", "WordPiece"], ["Loading"], [""], ["Embeddings"], ["Models"]),
        ["ModelBuild.Cli"] = new(
            ["Protocol", "Hosting", "Output"],
            ["Build", "Caching", "Data", "Exports", "Processes", "Reports"],
            ["Measuring", "Serving"],
            ["Training", "Tuning"],
            ["Commands"],
            [""]
        ),
    };

    [Theory]
    [InlineData("ModelBuild.Runtime", "ModelBuild.Runtime")]
    [InlineData("ModelBuild.Serving", "ModelBuild.Serving")]
    [InlineData("ModelBuild.Imaging", "ModelBuild.Imaging")]
    [InlineData("ModelBuild.Generator", "ModelBuild.Generator")]
    [InlineData("ModelBuild.Tasks", "ModelBuild.Tasks")]
    [InlineData("ModelBuild.Text", "ModelBuild.Text")]
    [InlineData("ModelBuild.Cli", "modelbuild")]
    public void References_go_down(string project, string assembly)
    {
        using var module = Assemblies.Read(assembly);
        var folders = new SourceFolders(project);
        var references = TypeUses
            .Inside(module)
            .Select(use => (FromPart: Part(folders.Of(use.From)), From: use.From.Name, ToPart: Part(folders.Of(use.To)), To: use.To.Name))
            .Where(use => use is { FromPart: not null, ToPart: not null })
            .ToArray();

        Assert.NotEmpty(references);
        Assert.Empty(Orders[project].Faults(references.Select(use => (use.FromPart!, use.From, use.ToPart!, use.To))));

        string? Part(string? folder) => project == "ModelBuild.Runtime" && folder is "" or "Batching" ? "Host" : folder;
    }
}
