using ModelBuild.Imaging.Tests.Support;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Imaging.Tests;

/// <summary>A picture is the argument of a generated class.</summary>
public sealed class ModelTests
{
    [Fact]
    public void A_model_runs_on_a_picture()
    {
        var bytes = new TinyModel().Input("image: float32[1, 3, 3, 4]").Output("y: float32[1, 3, 3, 4]").Node("Identity(image) -> y").ToBytes();
        using var model = PhotoModel.Load(bytes, new ModelOptions { Threads = 1 });
        using var picture = Picture.Load(Files.PathOf("full.jpg"));
        using var expected = model.Run(new ImageView(Files.Expected("full.jpg"), 24, 16, PixelFormat.Rgb));

        using var result = model.Run(picture);

        foreach (var (a, b) in expected.Y.ToArray().Zip(result.Y.ToArray()))
            Assert.InRange(b, a - 2, a + 2);
    }
}
