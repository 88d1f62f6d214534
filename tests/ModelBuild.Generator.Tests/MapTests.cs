using Microsoft.CodeAnalysis;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>A description of a map gives the class a method that returns one.</summary>
public sealed class MapTests
{
    private static readonly SignatureText Segmenter = new()
    {
        Inputs = ["images: float32[1, 3, 512, 512]"],
        Outputs = ["pooled: float32[1, 10]", "logits: float32[1, 21, 128, 128]"],
        Image = "rgb resize(512,512) scale(1/255)",
    };

    [Theory]
    [InlineData("classes", "logits: float32[1, 21, 128, 128]", "ClassMap", "Segment", "ReadClasses")]
    [InlineData("values range(0,1)", "depth: float16[1, 384, 384]", "ValueMap", "Estimate", "ReadValues")]
    [InlineData("image rgb scale(255)", "y: float32[1, 3, 1024, 1024]", "ImageView", "Transform", "ReadImage")]
    public void Each_kind_has_a_method_for_one_image_or_several(string map, string output, string type, string method, string reader)
    {
        foreach (var (batch, takesSeveral) in new[] { ("1", false), ("batch", true) })
        {
            var signature = Segmenter with { Inputs = [$"images: float32[{batch}, 3, 512, 512]"], Outputs = [output], Map = map };
            var source = GeneratorRun.Of(signature).MustCompile().Source;

            Assert.Contains($"public global::ModelBuild.Runtime.{type} {method}(global::ModelBuild.Runtime.ImageView image)", source, StringComparison.Ordinal);
            Assert.Contains($"MapReader(\"{map}\", global::System.Array.Empty<string>(), ", source, StringComparison.Ordinal);
            Assert.Contains($"_maps.{reader}(_result, 0, image)", source, StringComparison.Ordinal);
            Assert.Equal(
                takesSeveral,
                source.Contains($"{method}(global::System.ReadOnlySpan<global::ModelBuild.Runtime.ImageView> images)", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void The_labels_of_the_class_name_the_classes()
    {
        var run = GeneratorRun.Of(Segmenter with { Outputs = ["y: float32[1, 2, 64, 64]"], Labels = ["cat", "dog"], Map = "classes" }).MustCompile();

        Assert.Contains("MapReader(\"classes\", Labels, ", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classes treshold(1)", "Did you mean 'threshold'?")]
    [InlineData("classes output=seg", "the model has no output 'seg'. It has 'pooled' float32[1, 10], 'logits' float32[1, 21, 128, 128]")]
    [InlineData("classes", "there are 2 labels, and 'logits' float32[1, 21, 128, 128] has 21 channels")]
    [InlineData("values", "'values' are one channel, and 'logits' float32[1, 21, 128, 128] has 21 channels")]
    [InlineData("image", "'rgb' has 3 channels, and 'logits' float32[1, 21, 128, 128] has 21 channels")]
    public void MB2009_a_map_that_does_not_fit(string map, string reason)
    {
        var run = GeneratorRun.Of(Segmenter with { Map = map, Labels = ["cat", "dog"] });

        var diagnostic = Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009");
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.StartsWith($"Map=\"{map}\" cannot be used", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains(reason, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.DoesNotContain("MapReader", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void MB2009_a_map_without_an_image()
    {
        var run = GeneratorRun.Of(Segmenter with { Map = "classes", Image = null });

        Assert.Contains(
            "Describe this image, too",
            Assert.Single(run.Result.Diagnostics, one => one.Id == "MB2009").GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
    }
}
