using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the members of a loaded model other than its calls, and the factory of a fake for tests.</summary>
internal static class LifeEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model, bool hasStaticAbstract)
    {
        var name = ClassEmitter.Name(model);
        if (hasStaticAbstract)
        {
            writer.Open($"static {name} {RuntimeTypes.Model}<{name}>.Open({RuntimeTypes.Options}? options)");
            writer.Line($"return new {name}(options);");
            writer.Close();
            writer.Gap();
        }

        writer.Line("/// <inheritdoc/>");
        writer.Open("public bool WarmUp(global::System.Collections.Generic.IReadOnlyDictionary<string, int>? sizes = null)");
        writer.Line($"return {LoadingEmitter.Host}.WarmUp(sizes);");
        writer.Close();
        writer.Gap();

        writer.Line("/// <inheritdoc/>");
        writer.Open("public void Reload(string? path = null)");
        writer.Line($"{LoadingEmitter.Host}.Reload(path);");
        writer.Close();
        writer.Gap();

        if (!model.HasRun)
            return;
        writer.Line(
            "/// <summary>Keeps a random selection of the inputs that this model is given, and writes them as calibration data "
                + "when the recording or the model is disposed.</summary>"
        );
        writer.Line("/// <param name=\"path\">The path of the .npz file. A relative path starts at the current directory.</param>");
        writer.Line("/// <param name=\"max\">The largest number of samples, which stay in memory until the file is written.</param>");
        writer.Line("/// <returns>The recording. Dispose it to write the file.</returns>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">The inputs are already being recorded.</exception>");
        writer.Line(
            "/// <exception cref=\"global::System.NotSupportedException\">An input is no tensor of numbers or booleans with a declared rank.</exception>"
        );
        writer.Open($"public {RuntimeTypes.Recording} Record(string path, int max = 200)");
        writer.Line($"return {LoadingEmitter.Host}.Record(path, max);");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Creates a model without a file for tests of code that uses this class. A delegate computes its outputs.</summary>");
        writer.Line(
            "/// <param name=\"answer\">Reads the inputs and sets the outputs of one call. "
                + "Their names are in <see cref=\"InputNames\"/> and <see cref=\"OutputNames\"/>.</param>"
        );
        writer.Open($"public static {name} Fake(global::System.Action<{RuntimeTypes.Namespace}FakeCall> answer)");
        writer.Line($"return new {name}({RuntimeTypes.Host}.Fake({ContractEmitter.Field}, answer));");
        writer.Close();
        writer.Gap();
    }
}
