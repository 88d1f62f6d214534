using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>A description of boxes gives the class <c>Detect</c>.</summary>
public sealed class BoxesTests
{
    private static readonly SignatureText Detector = new()
    {
        Inputs = ["images: float32[1, 3, 640, 640]"],
        Outputs = ["output0: float32[1, 84, 8400]"],
        Image = "rgb letterbox(640) scale(1/255)",
    };

    [Theory]
    [InlineData("1", false)]
    [InlineData("batch", true)]
    public void Detect_takes_one_image_or_several(string batch, bool takesSeveral)
    {
        var run = GeneratorRun.Of(Detector with { Inputs = [$"images: float32[{batch}, 3, 640, 640]"], Boxes = "yolo threshold(0.3)" }).MustCompile();

        Assert.Contains("Detect(global::ModelBuild.Runtime.ImageView image, float? threshold = null)", run.Source, StringComparison.Ordinal);
        Assert.Contains("DetectionReader(\"yolo threshold(0.3)\", global::System.Array.Empty<string>(), ", run.Source, StringComparison.Ordinal);
        Assert.Equal(
            takesSeveral,
            run.Source.Contains("Detect(global::System.ReadOnlySpan<global::ModelBuild.Runtime.ImageView> images", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_labels_of_the_class_name_the_objects()
    {
        var run = GeneratorRun.Of(Detector with { Outputs = ["output0: float32[1, 6, 8400]"], Labels = ["cat", "dog"], Boxes = "yolo" }).MustCompile();

        Assert.Contains("DetectionReader(\"yolo\", Labels, ", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yolo treshold(1)", "Did you mean 'threshold'?")]
    [InlineData("boxes=b scores=s", "the model has no output 'b'. It has 'output0' float32[1, 84, 8400]")]
    [InlineData("yolo", "80 scores beside the box, and there are 2 labels")]
    public void MB2009_boxes_that_do_not_fit(string boxes, string reason)
    {
        var run = GeneratorRun.Of(Detector with { Boxes = boxes, Labels = ["cat", "dog"] });

        var diagnostic = Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.StartsWith($"Boxes=\"{boxes}\" cannot be used", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains(reason, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.DoesNotContain("Detect(", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void MB2009_boxes_without_an_image()
    {
        var run = GeneratorRun.Of(Detector with { Boxes = "yolo", Image = null });

        Assert.Contains(
            "Describe this image, too",
            Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009").GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_description_that_the_build_found_names_its_source()
    {
        var found = Detector with { Source = "preprocessor_config.json" };

        Assert.Contains("as preprocessor_config.json describes it", GeneratorRun.Of(found).MustCompile().Source, StringComparison.Ordinal);
        Assert.Contains(
            "Image=\"gray\" (from preprocessor_config.json) cannot be used",
            Assert
                .Single(GeneratorRun.Of(found with { Image = "gray" }).Result.Diagnostics, one => one.Id == "MB2009")
                .GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }
}
