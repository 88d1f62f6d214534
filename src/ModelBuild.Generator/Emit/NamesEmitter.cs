using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the names of the model's inputs and outputs as constants, for code that uses the session directly.</summary>
internal static class NamesEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        Names(writer, "InputNames", "inputs", model.Inputs.Select(input => (input.Property, input.Tensor)));
        Names(writer, "OutputNames", "outputs", model.Outputs.Select(output => (output.Property, output.Tensor)));
    }

    private static void Names(CodeWriter writer, string type, string what, IEnumerable<(string Property, Signatures.TensorSignature Tensor)> tensors)
    {
        writer.Gap();
        writer.Line($"/// <summary>The names of the model's {what}, for use with <see cref=\"Session\"/>.</summary>");
        writer.Open($"public static class {type}");
        foreach (var (property, tensor) in tensors)
        {
            writer.Line($"/// <summary>{ClassDocumentation.Describe(tensor)}</summary>");
            writer.Line($"public const string {property} = {Literal.Of(tensor.Name)};");
            writer.Gap();
        }

        writer.Close();
        writer.Gap();
    }
}
