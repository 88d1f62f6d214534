using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Emit;

/// <summary>
/// Creates the parameters of a call: tensors, then the caller's buffers, then shapes and sizes that do not follow from lengths, then optional inputs.
/// </summary>
internal static class RunParameters
{
    /// <summary>Returns the parameters for the input tensors of a call, which are also the properties of the input struct.</summary>
    public static IEnumerable<Parameter> Inputs(ModelClass model, CallPlan call, string container, bool asProperties) =>
        Tensors(call, container, asProperties).Concat(Shapes(model, call, container, asProperties));

    public static IEnumerable<Parameter> Tensors(CallPlan call, string container, bool asProperties)
    {
        foreach (var input in call.Inputs.Where(input => !input.IsOptional))
            yield return new Parameter(
                input.Value?.CSharp ?? (input.Tensor.IsScalar ? input.Type!.CSharp : $"{container}<{input.Type!.CSharp}>"),
                asProperties ? input.Property : input.Parameter,
                $"Input {ClassDocumentation.Describe(input.Tensor)}{Layout(input.Tensor)}.{Gives(call, input)}"
            );
    }

    public static IEnumerable<Parameter> Shapes(ModelClass model, CallPlan call, string container, bool asProperties)
    {
        foreach (var input in call.Inputs)
            if (input.ShapeParameter is not null)
                yield return new Parameter(
                    $"{container}<long>",
                    asProperties ? input.ShapeProperty! : input.ShapeParameter,
                    $"The shape of {DocText.Code(input.Tensor.Name)}."
                );
        foreach (var dimension in call.SizeArguments)
            yield return Dimension(model, dimension, asProperties);
        foreach (var input in call.Inputs.Where(input => input.IsOptional))
            yield return new Parameter(
                input.Value!.CSharp,
                asProperties ? input.Property : input.Parameter,
                $"Input {ClassDocumentation.Describe(input.Tensor)}. The input is absent if this is null.",
                " = null"
            );
    }

    /// <summary>Returns the sizes that are arguments when a stream is opened. Usually this is the number of parallel sequences, whose default is 1.</summary>
    public static IEnumerable<Parameter> Opened(ModelClass model, CallPlan call) =>
        call.Opened.Select(dimension => Dimension(model, dimension, asProperty: false) with { Default = " = 1" });

    public static IEnumerable<Parameter> Buffers(ModelClass model)
    {
        foreach (var output in model.Tensors)
            yield return new Parameter(
                $"{RuntimeTypes.Span}<{output.Type!.CSharp}>",
                output.Parameter,
                $"Receives output {ClassDocumentation.Describe(output.Tensor)}{Layout(output.Tensor)}. The buffer may be longer than the output."
            );
    }

    private static Parameter Dimension(ModelClass model, DimensionMember dimension, bool asProperty) =>
        new("int", asProperty ? dimension.Property! : dimension.Parameter!, $"The size of {DocText.Escape(dimension.Display)} in {Where(model, dimension)}.");

    private static string Layout(TensorSignature tensor) => tensor.Shape is { Count: < 2 } || !tensor.IsTensor ? "" : ", in row-major order";

    /// <summary>Returns a text that names the dimensions that follow from the length of an input.</summary>
    private static string Gives(CallPlan call, InputMember input)
    {
        var given = call
            .Dimensions.Where(dimension => dimension.Variable.Source == input.Index)
            .Select(dimension => dimension.Variable.Symbol is { } symbol ? DocText.Code(symbol) : DocText.Escape(dimension.Display))
            .ToArray();
        return given.Length == 0 ? "" : $" Its length determines {string.Join(" and ", given)}.";
    }

    private static string Where(ModelClass model, DimensionMember dimension)
    {
        var tensors = model
            .Inputs.Where(
                (input, index) =>
                    index == dimension.Variable.Input
                    || (dimension.Variable.Symbol is { } symbol && input.Tensor.Shape is { } shape && shape.Any(d => d.Symbol == symbol))
            )
            .Select(input => DocText.Code(input.Tensor.Name));
        return string.Join(", ", tensors);
    }
}
