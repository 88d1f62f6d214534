using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests.Pictures;

/// <summary>Calls with one image for each of several inputs.</summary>
public sealed class SeveralImagesTests
{
    private readonly byte[] _pixels = [.. Enumerable.Range(0, 12 * 10 * 3).Select(i => (byte)(i * 7))];

    [Fact]
    public void Each_image_is_prepared_for_its_input()
    {
        var image = new ImageView(_pixels, 12, 10, PixelFormat.Rgb);
        float[] left = new float[3 * 8 * 8];
        float[] right = new float[8 * 8 * 3];
        StereoModel.LeftPreparation.Write(image, left);
        StereoModel.RightPreparation.Write(image, right);
        using var model = StereoModel.Fake(call =>
        {
            Assert.Equal(left, call.Input<float>("left"));
            Assert.Equal(right, call.Input<float>("right"));
            Assert.Equal([1, 8, 8, 3], call.InputShape("right"));
            Assert.Equal([1, 2], call.InputShape("scale"));
            call.Output<float>("y")[0] = call.Input<float>("scale")[1];
        });

        using var result = model.Run(image, image, [3, 4]);

        Assert.Equal([4], result.Y.Span);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_length_of_another_input_is_checked(int length)
    {
        using var model = StereoModel.Fake(_ => { });
        var image = new ImageView(_pixels, 12, 10, PixelFormat.Rgb);

        var mistake = Record.Exception(() =>
            model.Run(new ImageView(_pixels, 12, 10, PixelFormat.Rgb), new ImageView(_pixels, 12, 10, PixelFormat.Rgb), new float[length])
        );

        Assert.Contains("'scale'", Assert.IsType<ArgumentException>(mistake).Message, StringComparison.Ordinal);
        using var result = model.Run(image, image, [1, 2]);
        Assert.Equal(1, result.Y.Length);
    }
}
