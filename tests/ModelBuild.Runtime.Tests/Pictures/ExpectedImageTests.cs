namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Prepared images are those of PIL, torchvision, torch and OpenCV.</summary>
public sealed class ExpectedImageTests
{
    public static TheoryData<string, string, int, int> Cases()
    {
        var cases = new TheoryData<string, string, int, int>();
        foreach (var image in ExpectedImage.All)
            cases.Add(image.Library, image.Description, image.Source.Width, image.Source.Height);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pixels_are_those_of_the_library(string library, string description, int width, int height)
    {
        var expected = ExpectedImage.Of(library, description, width, height);
        var preparation = new ImagePreparation(description, ImageLayout.Nhwc, expected.Channels, 0, 0);

        var actual = TestImages.Prepare(description, expected.IsFloat ? TestImages.Floats(width, height) : TestImages.Rgb(width, height));

        Assert.Equal(expected.Size, preparation.Size(width, height));
        Assert.Equal(expected.Values.Length, actual.Length);
        // Bytes may be rounded differently by 1. Single precision has an error of 2^-24 for each of some ten products of up to 255.
        Assert.InRange(actual.Zip(expected.Values, (a, b) => Math.Abs(a - b)).Max(), 0, expected.IsFloat ? 0.001f : 1f);
    }
}
