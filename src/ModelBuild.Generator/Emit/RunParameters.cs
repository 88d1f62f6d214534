using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>What a call takes: tensors first, then the caller's buffers, then the shapes and dimensions that do not follow from lengths.</summary>
internal static class RunParameters
{
    /// <summary>The parameters for tensors, or the properties of the input struct.</summary>
    public static IEnumerable<Parameter> Inputs(ModelClass model, string container, bool asProperties) =>
        Tensors(model, container, asProperties).Concat(Shapes(model, container, asProperties));

    public static IEnumerable<Parameter> Tensors(ModelClass model, string container, bool asProperties)
    {
        foreach (var (input, index) in model.Inputs.Select((input, index) => (input, index)))
            yield return new Parameter(
                input.Tensor.IsScalar ? input.Type!.CSharp : $"{container}<{input.Type!.CSharp}>",
                asProperties ? input.Property : input.Parameter,
                $"Input {ClassDocumentation.Describe(input.Tensor)}{Layout(input.Tensor)}.{Gives(model, index)}");
    }

    public static IEnumerable<Parameter> Shapes(ModelClass model, string container, bool asProperties)
    {
        foreach (var input in model.Inputs)
            if (input.ShapeParameter is not null)
                yield return new Parameter(
                    $"{container}<long>",
                    asProperties ? input.ShapeProperty! : input.ShapeParameter,
                    $"The shape of {DocText.Code(input.Tensor.Name)}.");
        foreach (var dimension in model.Asked)
            yield return new Parameter(
                "int",
                asProperties ? dimension.Property! : dimension.Parameter!,
                $"The size of {DocText.Escape(dimension.Display)} in {Where(model, dimension)}.");
    }

    public static IEnumerable<Parameter> Buffers(ModelClass model)
    {
        foreach (var output in model.TypedOutputs)
            yield return new Parameter(
                $"{RuntimeTypes.Span}<{output.Type!.CSharp}>",
                output.Parameter,
                $"Receives output {ClassDocumentation.Describe(output.Tensor)}{Layout(output.Tensor)}. It may be longer than that.");
    }

    private static string Layout(TensorSignature tensor) => tensor.Shape is { Count: < 2 } ? "" : ", row by row";

    /// <summary>What an input's length is good for.</summary>
    private static string Gives(ModelClass model, int input)
    {
        var given = model.Dimensions.Where(dimension => !dimension.Variable.IsAsked && dimension.Variable.Source == input)
            .Select(dimension => dimension.Variable.Symbol is { } symbol ? DocText.Code(symbol) : DocText.Escape(dimension.Display))
            .ToArray();
        return given.Length == 0 ? "" : $" Its length gives {string.Join(" and ", given)}.";
    }

    private static string Where(ModelClass model, DimensionMember dimension)
    {
        var tensors = model.Inputs
            .Where((input, index) => index == dimension.Variable.Input
                || (dimension.Variable.Symbol is { } symbol && input.Tensor.Shape is { } shape && shape.Any(d => d.Symbol == symbol)))
            .Select(input => DocText.Code(input.Tensor.Name));
        return string.Join(", ", tensors);
    }
}
