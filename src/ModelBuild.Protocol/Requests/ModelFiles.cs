namespace ModelBuild.Protocol;

/// <summary>Where everything of one model lies in obj.</summary>
/// <param name="Folder">The absolute folder of the project's models in obj.</param>
/// <param name="Id">The model's class name.</param>
internal sealed record ModelFiles(string Folder, string Id)
{
    public string Signature => Name("signature.json");

    public string Output => Name("onnx");

    /// <summary>The weights of a model that does not fit in one file.</summary>
    public static string Data(string model) => model + ".data";

    /// <summary>The models that are deployed: the output, or the parts of one that is cut into stages.</summary>
    public IReadOnlyList<string> Outputs(int parts) => parts < 2 ? [Output] : [.. Enumerable.Range(1, parts).Select(part => Name(part + ".onnx"))];

    public string Receipt => Name("receipt.json");

    public string Report => Name("report.html");

    /// <summary>The program's list of every file that it read.</summary>
    public string Inputs => Name("inputs.txt");

    /// <summary>The request of one stage: the stages know different things, so that one file for both would change back and forth.</summary>
    public string Request(string stage) => stage == StageNames.Compress ? Name("request.json") : Name(stage + ".request.json");

    public string State(string stage) => Name(stage + ".state");

    private string Name(string extension) => Path.Combine(Folder, Id + "." + extension);
}
