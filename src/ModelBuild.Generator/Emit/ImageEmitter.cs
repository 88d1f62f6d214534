using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the overloads of <c>Run</c> that take images, and the preparation that they share.</summary>
internal static class ImageEmitter
{
    // The name of the generated field with the preparation. It cannot clash with a member of a model, whose name never starts with an underscore and a
    // lower-case letter.
    public const string Field = "_imagePreparation";

    private const string GraphField = "_graphPreparation";

    /// <summary>Returns the name of the generated field with the preparation that maps positions in images.</summary>
    public static string Places(ImageInput image) => image.Preparation is null ? Field : GraphField;

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Image is not { Problem: null } image)
            return;
        Preparation(writer, image, Field, "Preparation");
        Run(writer, image, $"{RuntimeTypes.ImageView} image", "image", "Prepares an image and runs the model.", "The image, of any size.", "image");
        if (image.TakesSeveral)
            Run(
                writer,
                image,
                $"{RuntimeTypes.ReadOnlySpan}<{RuntimeTypes.ImageView}> images",
                "images",
                "Prepares images and runs the model on all of them. Their prepared sizes are equal.",
                "The images, at least one.",
                "images"
            );
    }

    /// <summary>Writes the field with the preparation of an image, and the property that returns it.</summary>
    public static void Preparation(CodeWriter writer, ImageInput image, string field, string property)
    {
        var layout = $"{RuntimeTypes.ImageLayout}.{(image.IsChannelsFirst ? "Nchw" : "Nhwc")}";
        writer.Line(
            $"private static readonly {RuntimeTypes.ImagePreparation} {field} = new {RuntimeTypes.ImagePreparation}({Literal.Of(image.Description)}, {layout}, "
                + $"{Literal.Of(image.Channels)}, {Literal.Of(image.Height)}, {Literal.Of(image.Width)});"
        );
        if (image.Preparation is { } graph)
            writer.Line(
                $"private static readonly {RuntimeTypes.ImagePreparation} {GraphField} = "
                    + $"new {RuntimeTypes.ImagePreparation}({Literal.Of(graph.Description)}, "
                    + $"{RuntimeTypes.ImageLayout}.{(graph.IsChannelsFirst ? "Nchw" : "Nhwc")}, 0, 0, 0);"
            );
        writer.Gap();
        var (description, source) = image.Preparation is null ? (image.Description, image.Source) : (image.Preparation.Description, image.Preparation.Source);
        writer.Line(
            $"/// <summary>Gets the preparation of images {From(source)}: <c>{DocText.Escape(description)}</c>. It maps places in the "
                + $"prepared image to those of the original.{(image.Preparation is null ? "" : " The model contains the preparation itself.")}</summary>"
        );
        writer.Line($"public static {RuntimeTypes.ImagePreparation} {property} => {(image.Preparation is null ? field : GraphField)};");
        writer.Gap();
    }

    private static void Run(CodeWriter writer, ImageInput image, string parameter, string name, string summary, string what, string argument)
    {
        writer.Line($"/// <summary>{summary} The method can be called by many threads at the same time.</summary>");
        writer.Line($"/// <param name=\"{name}\">{what}</param>");
        writer.Line("/// <returns>The outputs. Dispose returns their buffers, so that the next call can use them.</returns>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">An image is empty, or the model cannot take images of this size.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Open($"public Result Run({parameter})");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(image.Input)}, {Field}, {argument});");
        writer.Line("return new Result(_call.Run());");
        writer.Close();
        writer.Gap();
    }

    private static string From(string source) => source.Length == 0 ? "as the project describes it" : $"as {DocText.Escape(source)} describes it";
}
