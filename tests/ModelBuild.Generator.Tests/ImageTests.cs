using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Tests the members of a class whose project describes the image that the model takes.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("float32[1, 3, 224, 224]", "Nchw, 3, 224, 224", "float", false)]
    [InlineData("float32[batch, 3, 224, 224]", "Nchw, 3, 224, 224", "float", true)]
    [InlineData("float16[batch, 3, ?, ?]", "Nchw, 3, 0, 0", "global::System.Half", true)]
    [InlineData("uint8[1, 224, 224, 3]", "Nhwc, 3, 224, 224", "byte", false)]
    [InlineData("float32[?, ?, ?, ?]", "Nchw, 0, 0, 0", "float", true)]
    public void The_class_takes_images(string input, string preparation, string type, bool takesSeveral)
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = [$"image: {input}"],
                    Outputs = ["y: float32[1, 10]"],
                    Image = "bgr scale(1/255)",
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains(
            $"new global::ModelBuild.Runtime.ImagePreparation(\"bgr scale(1/255)\", global::ModelBuild.Runtime.ImageLayout.{preparation})",
            source,
            StringComparison.Ordinal
        );
        Assert.Contains("public Result Run(global::ModelBuild.Runtime.ImageView image)", source, StringComparison.Ordinal);
        Assert.Contains($"_call.WriteImages<{type}>(0, ", source, StringComparison.Ordinal);
        Assert.Equal(
            takesSeveral,
            source.Contains("public Result Run(global::System.ReadOnlySpan<global::ModelBuild.Runtime.ImageView> images)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_model_that_prepares_images_gets_their_pixels_and_places_follow_its_preparation()
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = ["image: uint8[1, picture_height, picture_width, 3]"],
                    Outputs = ["scores: float32[1, 4420, 2]", "boxes: float32[1, 4420, 4]"],
                    Image = "rgb",
                    Preprocess = "bgr fit(320,240) scale(1/255)",
                    Boxes = "boxes=boxes scores=scores",
                }
            )
            .MustCompile()
            .Source;

        const string Type = "global::ModelBuild.Runtime.ImagePreparation";
        const string Layout = "global::ModelBuild.Runtime.ImageLayout.Nhwc";
        Assert.Contains($"{Type} _imagePreparation = new {Type}(\"rgb\", {Layout}, 3, 0, 0)", source, StringComparison.Ordinal);
        Assert.Contains($"{Type} _graphPreparation = new {Type}(\"bgr fit(320,240) scale(1/255)\", {Layout}, 0, 0, 0)", source, StringComparison.Ordinal);
        Assert.Contains("public static global::ModelBuild.Runtime.ImagePreparation Preparation => _graphPreparation;", source, StringComparison.Ordinal);
        Assert.Contains("_call.WriteImages<byte>(0, _imagePreparation, image);", source, StringComparison.Ordinal);
        Assert.Contains("_graphPreparation.Place(image.Width, image.Height)", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_description_the_class_takes_no_images() =>
        Assert.DoesNotContain("ImageView", GeneratorRun.Of(new SignatureText()).MustCompile().Source, StringComparison.Ordinal);

    [Theory]
    [InlineData("rgb rezise(224)", "image: float32[1, 3, 224, 224]", "'rezise' is not a step. Did you mean 'resize'?")]
    [InlineData(
        "rgb resize(256) crop(224)",
        "image: float32[1, 3, 299, 299]",
        "'crop' gives 224x224 pixels (width x height), and the input of the model has 299x299."
    )]
    [InlineData("rgb", "image: float32[1, 1, 28, 28]", "'rgb' has 3 channels and the input of the model has 1 channel. Start the description with 'gray'.")]
    [InlineData("rgb", "tokens: int64[1, 128]", "an image needs an input of float32, float16 or uint8 with four dimensions, and 'tokens' is ")]
    public void MB2009_a_description_that_does_not_fit(string image, string input, string reason)
    {
        var run = GeneratorRun.Of(
            new SignatureText
            {
                Inputs = [input],
                Outputs = ["y: float32[1, 10]"],
                Image = image,
            }
        );

        var diagnostic = Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        var message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        Assert.StartsWith($"Image=\"{image}\" cannot be used for the model 'Models/digits.onnx': ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("ImageView", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("left: rgb resize(8,8); right: bgr;", "ImageView left, global::ModelBuild.Runtime.ImageView right, global::System.ReadOnlySpan<float> factor")]
    [InlineData("right : rgb", "ImageView right, global::System.ReadOnlySpan<float> left, global::System.ReadOnlySpan<float> factor")]
    public void Images_of_several_inputs_are_described_by_name(string image, string parameters)
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = ["left: float32[1, 3, 8, 8]", "right: float32[n, 3, 8, 8]", "factor: float32[n, k, 2]"],
                    Outputs = ["y: float32[1, 10]"],
                    Image = image,
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains(parameters + ")", source, StringComparison.Ordinal);
        Assert.Contains("WriteShaped<float>(2, factor, new long[] { 1, factor.Length / 2, 2 });", source, StringComparison.Ordinal);
        Assert.Contains("ImagePreparation RightPreparation =>", source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_image_of_several_inputs_needs_no_name()
    {
        var source = GeneratorRun
            .Of(
                new SignatureText
                {
                    Inputs = ["image: float32[1, 3, 8, 8]", "rate: int64[]"],
                    Outputs = ["y: float32[1, 10]"],
                    Image = "rgb scale(1/255)",
                }
            )
            .MustCompile()
            .Source;

        Assert.Contains("Run(global::ModelBuild.Runtime.ImageView image, long rate)", source, StringComparison.Ordinal);
        Assert.Contains("_call.WriteScalar<long>(1, rate);", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rgb", "the model has several inputs. Write the description of each image as 'input: description'")]
    [InlineData("a: rgb; rgb", "each part is 'input: description', and the inputs of the model are 'a', 'b', 'c'")]
    [InlineData("a: rgb; d: rgb", "each part is 'input: description'")]
    [InlineData("a: rgb; a: bgr", "the input 'a' has two descriptions")]
    [InlineData("a: rgb resize(9,9)", "and the input of the model has 8x8")]
    [InlineData("c: rgb", "an image needs an input of float32, float16 or uint8 with four dimensions, and 'c' is")]
    [InlineData("a: rgb; b: rgb", "'c' float32[n, m, k] beside the images has more than one unknown size")]
    public void MB2009_a_model_with_several_inputs(string image, string reason)
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = ["a: float32[1, 3, 8, 8]", "b: float32[1, 3, 8, 8]", "c: float32[n, m, k]"], Image = image });

        Assert.Contains(
            reason,
            Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009").GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }
}
