namespace ModelBuild.Protocol;

/// <summary>Provides the paths of all files of one model in obj.</summary>
/// <param name="Folder">The absolute folder of the project's models in obj.</param>
/// <param name="Id">The model's class name.</param>
internal sealed record ModelFiles(string Folder, string Id)
{
    /// <summary>The extension of the tokenizer of a model, in obj and where the model is deployed.</summary>
    public const string TokenizerExtension = ".tokenizer";

    public string Signature => Name("signature.json");

    /// <summary>Gets the path of the archive of the files that turn texts into token ids.</summary>
    public string Tokenizer => Path.ChangeExtension(Output, TokenizerExtension);

    public string Output => Name("onnx");

    /// <summary>Returns the path of the external data of a model that does not fit in one file.</summary>
    public static string Data(string model) => model + ".data";

    /// <summary>Returns the models that are deployed: the output, or its stages if it is cut into stages.</summary>
    public IReadOnlyList<string> Outputs(int parts) => parts < 2 ? [Output] : [.. Enumerable.Range(1, parts).Select(part => Name(part + ".onnx"))];

    public string Receipt => Name("receipt.json");

    public string Report => Name("report.html");

    /// <summary>Gets the path of the list of all files that the program read for the model.</summary>
    public string Inputs => Name("inputs.txt");

    /// <summary>
    /// Returns the path of the request of a build phase. Each phase has its own file, because the requests differ and one shared file would change in every
    /// build.
    /// </summary>
    public string Request(string stage) => stage == PhaseNames.Compress ? Name("request.json") : Name(stage + ".request.json");

    public string State(string stage) => Name(stage + ".state");

    private string Name(string extension) => Path.Combine(Folder, Id + "." + extension);
}
