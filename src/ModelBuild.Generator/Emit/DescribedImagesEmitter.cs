using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the overload of <c>Run</c> that takes one image for each described input, for a model with several inputs.</summary>
internal static class DescribedImagesEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Images is not { Problem: null } images)
            return;
        foreach (var (input, image) in images.Images)
            ImageEmitter.Preparation(writer, image, Field(input), input.Property + "Preparation");
        Parameter[] parameters =
        [
            .. images.Images.Select(pair => new Parameter(
                RuntimeTypes.ImageView,
                pair.Input.Parameter,
                $"The image for {DocText.Code(pair.Input.Tensor.Name)}, of any size."
            )),
            .. images.Others.Select(Other),
        ];
        writer.Line("/// <summary>Prepares images and runs the model. The method can be called by many threads at the same time.</summary>");
        RunEmitter.Document(writer, parameters);
        writer.Line("/// <returns>The outputs. Dispose returns their buffers, so that the next call can use them.</returns>");
        writer.Line(
            "/// <exception cref=\"global::System.ArgumentException\">An image is empty, the model cannot take images of this size, or the length of an "
                + "argument does not fit.</exception>"
        );
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Open($"public Result Run({RunEmitter.Declare(parameters)})");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        foreach (var (input, image) in images.Images)
            writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(input.Index)}, {Field(input)}, {input.Parameter});");
        foreach (var input in images.Others)
            writer.Line(
                input.Tensor.IsScalar
                    ? $"_call.WriteScalar<{input.Type!.CSharp}>({Literal.Of(input.Index)}, {input.Parameter});"
                    : $"_call.WriteShaped<{input.Type!.CSharp}>({Literal.Of(input.Index)}, {input.Parameter}, new long[] {{ {Shape(input)} }});"
            );
        writer.Line("return new Result(_call.Run());");
        writer.Close();
        writer.Gap();
    }

    // Returns the name of the generated field for an input. It cannot clash with a member of a model, whose name never starts with an underscore and a
    // lower-case letter.
    private static string Field(InputMember input) => $"_imagePreparation{Literal.Of(input.Index)}";

    private static Parameter Other(InputMember input) =>
        new(
            input.Tensor.IsScalar ? input.Type!.CSharp : $"{RuntimeTypes.ReadOnlySpan}<{input.Type!.CSharp}>",
            input.Parameter,
            $"Input {ClassDocumentation.Describe(input.Tensor)}{(input.Tensor.IsScalar ? "" : ", in row-major order, for one image")}."
        );

    private static string Shape(InputMember input)
    {
        var shape = input.Tensor.Shape!.Value;
        var dynamic = shape.Select((dimension, axis) => (dimension, axis)).Where(pair => !pair.dimension.IsFixed).Select(pair => pair.axis).ToArray();
        var known = shape.Aggregate(1L, (product, dimension) => product * (dimension.Size ?? 1));
        // If two dimensions are dynamic, the first one counts the images, whose number is 1.
        var open = dynamic.Length == 0 ? -1 : dynamic[dynamic.Length - 1];
        return string.Join(
            ", ",
            shape.Select(
                (dimension, axis) =>
                    dimension.Size is { } size ? Literal.Of(size)
                    : axis != open ? "1"
                    : $"{input.Parameter}.Length / {Literal.Of(Math.Max(known, 1L))}"
            )
        );
    }
}
