using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests.Detections;

/// <summary>Calls of generated classes that return objects.</summary>
public sealed class DetectCallTests
{
    [Fact]
    public void Detect_returns_the_objects_of_one_image_or_several()
    {
        using var model = DetectorModel.Fake(call =>
        {
            var boxes = call.Output<float>("boxes");
            for (var image = 0; image < boxes.Length / 4; image++)
            {
                new[] { image, 1f, 4, 8 }.CopyTo(boxes[(image * 4)..]);
                call.Output<Half>("scores")[image] = (Half)0.5f;
            }
        });
        var image = new ImageView(new byte[16 * 32 * 3], 16, 32, PixelFormat.Rgb);

        Assert.Equal("0 50 % (0, 4) 8x28", Assert.Single(model.Detect(image)).ToString());
        Assert.Empty(model.Detect(image, threshold: 0.6f));
        var both = model.Detect([image, new ImageView(new byte[192], 8, 8, PixelFormat.Rgb)]);
        Assert.Equal(["0 50 % (0, 4) 8x28", "0 50 % (1, 1) 3x7"], both.Select(objects => Assert.Single(objects).ToString()));
    }
}
