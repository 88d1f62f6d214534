using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the struct with all inputs, which replaces a long list of parameters.</summary>
internal static class InputsEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model, CallPlan call)
    {
        if (!call.UsesStruct)
            return;
        writer.Gap();
        writer.Line("/// <summary>The inputs of one call. All of them must be set.</summary>");
        writer.Open("public ref struct Inputs");
        foreach (var parameter in RunParameters.Inputs(model, call, RuntimeTypes.ReadOnlySpan, asProperties: true))
        {
            writer.Line($"/// <summary>{parameter.Doc}</summary>");
            writer.Line($"public {parameter.Type} {parameter.Name} {{ get; set; }}");
            writer.Gap();
        }

        writer.Close();
        writer.Gap();
    }
}
