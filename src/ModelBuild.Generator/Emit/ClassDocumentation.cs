using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the doc comment of the class: the model, and its inputs and outputs with the names of the model.</summary>
internal static class ClassDocumentation
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var description = model.Signature.Description.Trim();
        writer.Line("/// <summary>");
        writer.Line(
            $"/// The model {DocText.Code(model.Signature.Model)}. An instance can be used by many threads at the same time, so load it once and reuse it."
        );
        if (description.Length > 0)
            writer.Line($"/// <para>{DocText.Escape(description)}</para>");
        writer.Line("/// </summary>");
        writer.Line("/// <remarks>");
        writer.Line("/// <list type=\"bullet\">");
        foreach (var input in model.Inputs)
            Item(writer, "input", input.Tensor, input.IsTyped);
        foreach (var output in model.Outputs)
            Item(writer, "output", output.Tensor, output.IsTyped);
        writer.Line("/// </list>");
        writer.Line("/// </remarks>");
    }

    /// <summary>Formats the name, element type and shape of a tensor for a doc comment.</summary>
    public static string Describe(TensorSignature tensor) => $"{DocText.Code(tensor.Name)}: {DocText.Code(tensor.Display)}";

    private static void Item(CodeWriter writer, string what, TensorSignature tensor, bool isTyped) =>
        writer.Line(
            $"/// <item><description>{what} {Describe(tensor)}{(isTyped ? "" : ", available through <see cref=\"Session\"/> only")}</description></item>"
        );
}
