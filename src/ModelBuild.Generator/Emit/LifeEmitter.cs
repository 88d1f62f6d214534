using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes what a loaded model can do beside its calls, and the fake for tests of code that uses it.</summary>
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
        writer.Line("/// <summary>Makes a model for tests of code that uses this class: without a file, it answers with what a delegate says.</summary>");
        writer.Line(
            "/// <param name=\"answer\">Reads the inputs and sets the outputs of one call, by the names in <see cref=\"InputNames\"/> and <see "
                + "cref=\"OutputNames\"/>.</param>"
        );
        writer.Open($"public static {name} Fake(global::System.Action<{RuntimeTypes.Namespace}FakeCall> answer)");
        writer.Line($"return new {name}({RuntimeTypes.Host}.Fake({ContractEmitter.Field}, answer));");
        writer.Close();
        writer.Gap();
    }
}
