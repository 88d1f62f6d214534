using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the labels of the classes, when the model has some.</summary>
internal static class LabelsEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var labels = model.Signature.Labels;
        if (labels.Count == 0)
            return;
        writer.Line("/// <summary>The names of the classes, in the order of the scores.</summary>");
        writer.Array(
            "public static global::System.Collections.Generic.IReadOnlyList<string> Labels { get; } = global::System.Array.AsReadOnly(",
            "string",
            labels.Select(Literal.Of),
            ");"
        );
        writer.Gap();
    }
}
