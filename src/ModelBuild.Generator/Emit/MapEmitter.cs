using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the methods that return maps of images: classes of pixels, values, or images.</summary>
internal static class MapEmitter
{
    // The name of the generated field with the reader. It cannot clash with a member of a model, whose name never starts with an underscore and a lower-case
    // letter.
    private const string Field = "_maps";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";

    /// <summary>Represents the words of the generated methods for one kind of map.</summary>
    /// <param name="Name">The name of the methods.</param>
    /// <param name="Type">The type of a map.</param>
    /// <param name="Reader">The method of the reader.</param>
    /// <param name="What">The words for what a method does with an image.</param>
    /// <param name="Returns">The words for what a method returns.</param>
    private sealed record Method(string Name, string Type, string Reader, string What, string Returns);

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model is not { Map: { Problem: null } map, Image: { Problem: null } image })
            return;
        var labels = model.Signature.Labels.Count > 0 ? "Labels" : "global::System.Array.Empty<string>()";
        // The generated field uses the fields of the labels, the contract and the preparation. They are declared earlier in the class, so they are initialized
        // first.
        writer.Line(
            $"private static readonly {RuntimeTypes.MapReader} {Field} = "
                + $"new {RuntimeTypes.MapReader}({Literal.Of(map.Description)}, {labels}, {ContractEmitter.Field}.Outputs, {ImageEmitter.Places(image)});"
        );
        writer.Gap();
        var method = Of(map.Kind);
        One(writer, method, map, image);
        if (image.TakesSeveral)
            Several(writer, method, image);
    }

    private static Method Of(MapKind kind) =>
        kind switch
        {
            MapKind.Classes => new(
                "Segment",
                RuntimeTypes.ClassMap,
                "ReadClasses",
                "Finds the class of each pixel of an image",
                "The classes, in the size of the image. A pixel that the preparation cuts off has no class."
            ),
            MapKind.Values => new(
                "Estimate",
                RuntimeTypes.ValueMap,
                "ReadValues",
                "Estimates a value for each pixel of an image",
                "The values, in the size of the image. A pixel that the preparation cuts off has the value NaN."
            ),
            _ => new("Transform", RuntimeTypes.ImageView, "ReadImage", "Makes another image of an image", "The new image, over an array of its own."),
        };

    private static void One(CodeWriter writer, Method method, ImageMap map, ImageInput image)
    {
        writer.Line($"/// <summary>{method.What}: <c>{DocText.Escape(map.Description)}</c>.</summary>");
        writer.Line("/// <param name=\"image\">The image, of any size.</param>");
        writer.Line($"/// <returns>{method.Returns}</returns>");
        Exceptions(writer);
        writer.Open($"public {method.Type} {method.Name}({RuntimeTypes.ImageView} image)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(image.Input)}, {ImageEmitter.Field}, image);");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = _call.Run())");
        writer.Line($"return {Field}.{method.Reader}(_result, 0, image);");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Several(CodeWriter writer, Method method, ImageInput image)
    {
        writer.Line($"/// <summary>{method.What}, for several images with one run of the model. Their prepared sizes are equal.</summary>");
        writer.Line("/// <param name=\"images\">The images, at least one.</param>");
        writer.Line($"/// <returns>One result for each image, in the order of the images. {method.Returns}</returns>");
        Exceptions(writer);
        writer.Open($"public {List}<{method.Type}> {method.Name}({RuntimeTypes.ReadOnlySpan}<{RuntimeTypes.ImageView}> images)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(image.Input)}, {ImageEmitter.Field}, images);");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = _call.Run())");
        writer.Line($"{method.Type}[] _found = new {method.Type}[images.Length];");
        writer.Line("for (int _i = 0; _i < _found.Length; _i++)");
        writer.Line($"    _found[_i] = {Field}.{method.Reader}(_result, _i, images[_i]);");
        writer.Line("return _found;");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Exceptions(CodeWriter writer)
    {
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">An image is empty, or the model cannot take images of this size.</exception>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">The output has another shape than the description says.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
    }
}
