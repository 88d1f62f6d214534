using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Testing;

namespace ModelBuild.Imaging.Tests;

/// <summary>Real models make images of photographs.</summary>
[Trait("Speed", "Slow")]
public sealed class MapTests
{
    private static readonly ModelOptions _options = new() { Threads = 2, Spinning = false };

    [Fact]
    public void A_style_is_an_image_of_the_size_of_the_photograph()
    {
        using var model = CandyModel.Load(Corpus.Path("models/fns_candy.onnx"), _options);
        using var photograph = Picture.Load(Corpus.Path("data/sample_images/dog.jpg"));

        var styled = model.Transform(photograph);

        Assert.Equal((photograph.Width, photograph.Height, PixelFormat.Bgr), (styled.Width, styled.Height, styled.Format));
        // The style changes the colours but not the shapes, so the brightness of both images is correlated.
        Assert.InRange(Correlation(Brightness(photograph), Brightness(styled)), 0.4, 0.98);
    }

    [Fact]
    public void Super_resolution_enlarges_a_photograph()
    {
        using var model = SuperResolutionModel.Load(Corpus.Path("models/super_resolution.onnx"), _options);
        using var photograph = Picture.Load(Corpus.Path("data/sample_images/dog.jpg"));
        var small = new ImagePreparation("rgb resize(224,224)", ImageLayout.Nhwc, 3, 224, 224);
        var pixels = new byte[224 * 224 * 3];
        small.Write(photograph, pixels);

        var large = model.Transform(new ImageView(pixels, 224, 224, PixelFormat.Rgb));

        Assert.Equal("672x672 Rgb", large.ToString());
        // Each pixel of the small image is the mean of nine pixels of the large one, apart from the details that the model adds.
        var back = new byte[pixels.Length];
        small.Write(large, back);
        Assert.InRange(back.Zip(pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 4);
    }

    private static double[] Brightness(ImageView image)
    {
        var preparation = new ImagePreparation("gray resize(90,90)", ImageLayout.Nhwc, 1, 90, 90);
        var values = new float[90 * 90];
        preparation.Write(image, values);
        return Array.ConvertAll(values, value => (double)value);
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var shared = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return shared / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
