using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes constructors, <c>Load</c>, the properties of a loaded model, and <c>Dispose</c>.</summary>
internal static class LoadingEmitter
{
    public const string Host = "_modelHost";

    private const string Options =
        "/// <param name=\"options\">The options, such as providers, threads and session options. "
        + "The settings of the project apply to options that are not set.</param>";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var name = ClassEmitter.Name(model);
        writer.Line($"private readonly {RuntimeTypes.Host} {Host};");
        writer.Gap();

        writer.Line($"/// <summary>Loads the model {From(model)}.</summary>");
        Exceptions(writer);
        writer.Open($"public {name}() : this(({RuntimeTypes.Options}?)null)");
        writer.Close();
        writer.Gap();

        writer.Line($"/// <summary>Loads the model {From(model)}.</summary>");
        writer.Line(Options);
        Exceptions(writer);
        writer.Open($"public {name}({RuntimeTypes.Options}? options) : this({RuntimeTypes.Host}.Open({ContractEmitter.Field}, options))");
        writer.Close();
        writer.Gap();

        writer.Open($"private {name}({RuntimeTypes.Host} host)");
        writer.Line($"{Host} = host;");
        writer.Close();
        writer.Gap();

        writer.Line("/// <summary>Gets the ONNX Runtime session, for functions without a typed member.</summary>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Line($"public {RuntimeTypes.Session} Session => {Host}.Session;");
        writer.Gap();
        writer.Line("/// <summary>Gets the name of the execution provider that runs the model, such as <c>cpu</c>.</summary>");
        writer.Line($"public string Provider => {Host}.Provider;");
        writer.Gap();
        writer.Line("/// <summary>Gets the execution providers of the model, each with its device and its number of nodes.</summary>");
        writer.Line($"public {RuntimeTypes.Placement} Placement => {Host}.Placement;");
        writer.Gap();
        writer.Line("/// <summary>Gets the signature that this class was generated for: the names, types and shapes of the model.</summary>");
        writer.Line($"public {RuntimeTypes.Contract} Signature => {Host}.Contract;");
        writer.Gap();

        writer.Line("/// <summary>Loads a model file with the same signature from another path.</summary>");
        writer.Line("/// <param name=\"path\">The path of the file. A relative path starts at the current directory.</param>");
        writer.Line(Options);
        Exceptions(writer);
        writer.Open($"public static {name} Load(string path, {RuntimeTypes.Options}? options = null)");
        writer.Line($"return new {name}({RuntimeTypes.Host}.OpenFile({ContractEmitter.Field}, path, options));");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Loads a model with the same signature from memory.</summary>");
        writer.Line("/// <param name=\"model\">The content of a model file without external data.</param>");
        writer.Line(Options);
        Exceptions(writer, file: false);
        writer.Open($"public static {name} Load(byte[] model, {RuntimeTypes.Options}? options = null)");
        writer.Line($"return new {name}({RuntimeTypes.Host}.OpenBytes({ContractEmitter.Field}, model, options));");
        writer.Close();
        writer.Gap();

        writer.Line("/// <summary>Releases the model when the current calls have ended. Results stay valid.</summary>");
        writer.Open("public void Dispose()");
        writer.Line($"{Host}.Dispose();");
        writer.Close();
        writer.Gap();
    }

    private static string From(ModelClass model) =>
        model.Signature.Deploy switch
        {
            "embed" => "that is embedded in this assembly",
            "none" => "from the path in the options, because the project does not deploy a file for it",
            _ => $"from {DocText.Code(model.Signature.Path)} beside the application",
        };

    private static void Exceptions(CodeWriter writer, bool file = true)
    {
        if (file)
            writer.Line("/// <exception cref=\"global::System.IO.FileNotFoundException\">The file does not exist.</exception>");
        writer.Line(
            "/// <exception cref=\"global::ModelBuild.Runtime.ModelSignatureException\">The signature of the file differs from that of this class.</exception>"
        );
        writer.Line(
            "/// <exception cref=\"global::ModelBuild.Runtime.ModelProviderException\">None of the execution providers is available on this "
                + "machine.</exception>"
        );
        writer.Line("/// <exception cref=\"global::ModelBuild.Runtime.ModelLoadException\">ONNX Runtime is missing or cannot load the model.</exception>");
    }
}
