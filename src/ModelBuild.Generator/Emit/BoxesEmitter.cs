using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the methods that return the objects in images.</summary>
internal static class BoxesEmitter
{
    // The name of the generated field. It cannot clash with a generated member, whose name never starts with an underscore and a lower-case letter.
    private const string Field = "_detections";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";
    private const string Threshold = "The lowest score of an object, from 0 to 1; null for that of the description.";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model is not { Boxes: { Problem: null } boxes, Image: { Problem: null } image })
            return;
        var labels = model.Signature.Labels.Count > 0 ? "Labels" : "global::System.Array.Empty<string>()";
        // The generated field uses the fields of the labels and the contract. They are declared earlier in the class, so they are initialized first.
        writer.Line(
            $"private static readonly {RuntimeTypes.DetectionReader} {Field} = "
                + $"new {RuntimeTypes.DetectionReader}({Literal.Of(boxes.Description)}, {labels}, {ContractEmitter.Field}.Outputs);"
        );
        writer.Gap();
        writer.Line($"/// <summary>Finds the objects in an image, those with the highest scores first: <c>{DocText.Escape(boxes.Description)}</c>.</summary>");
        writer.Line("/// <param name=\"image\">The image, of any size.</param>");
        writer.Line($"/// <param name=\"threshold\">{Threshold}</param>");
        writer.Line("/// <returns>The objects. Their boxes are in pixels of the image.</returns>");
        Exceptions(writer);
        writer.Open($"public {List}<{RuntimeTypes.Detection}> Detect({RuntimeTypes.ImageView} image, float? threshold = null)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(image.Input)}, {ImageEmitter.Field}, image);");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = _call.Run())");
        writer.Line($"return {Field}.Read(_result, 0, {ImageEmitter.Places(image)}.Place(image.Width, image.Height), threshold);");
        writer.Close();
        writer.Close();
        writer.Gap();
        if (image.TakesSeveral)
            Several(writer, image);
    }

    private static void Several(CodeWriter writer, ImageInput image)
    {
        writer.Line("/// <summary>Finds the objects in each of several images with one run of the model. Their prepared sizes are equal.</summary>");
        writer.Line("/// <param name=\"images\">The images, at least one.</param>");
        writer.Line($"/// <param name=\"threshold\">{Threshold}</param>");
        writer.Line("/// <returns>The objects of each image, in the order of the images. Their boxes are in pixels of the image.</returns>");
        Exceptions(writer);
        var parameter = $"{RuntimeTypes.ReadOnlySpan}<{RuntimeTypes.ImageView}> images";
        writer.Open($"public {List}<{List}<{RuntimeTypes.Detection}>> Detect({parameter}, float? threshold = null)");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteImages<{image.Type}>({Literal.Of(image.Input)}, {ImageEmitter.Field}, images);");
        writer.Open($"using ({RuntimeTypes.ModelResult} _result = _call.Run())");
        writer.Line($"{List}<{RuntimeTypes.Detection}>[] _found = new {List}<{RuntimeTypes.Detection}>[images.Length];");
        writer.Line("for (int _i = 0; _i < _found.Length; _i++)");
        writer.Line($"    _found[_i] = {Field}.Read(_result, _i, {ImageEmitter.Places(image)}.Place(images[_i].Width, images[_i].Height), threshold);");
        writer.Line("return _found;");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Exceptions(CodeWriter writer)
    {
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">An image is empty, or the model cannot take images of this size.</exception>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">The outputs have other sizes than the description says.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
    }
}
