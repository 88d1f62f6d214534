using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests.Maps;

/// <summary>Calls of generated classes that return maps.</summary>
public sealed class MapCallTests
{
    [Fact]
    public void Segment_returns_the_classes_of_one_image_or_several()
    {
        using var model = SegmenterModel.Fake(call =>
        {
            // The right half of each prepared image is water.
            var logits = call.Output<Half>("logits");
            for (var i = 0; i < logits.Length; i++)
                logits[i] = (Half)((i % 4 >= 2) == (i / 16 % 2 == 1) ? 1 : 0);
        });

        var map = model.Segment(MapOutputBuffer.Image(8, 4));

        Assert.Equal("8x4: ground 50 %, water 50 %", map.ToString());
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], Enumerable.Range(0, 8).Select(x => map[x, 3]));
        var both = model.Segment([MapOutputBuffer.Image(4, 4), MapOutputBuffer.Image(2, 4)]);
        Assert.Equal(["4x4: ground 50 %, water 50 %", "2x4: ground 50 %, water 50 %"], both.Select(one => one.ToString()));
    }

    [Fact]
    public void Estimate_returns_the_values_of_one_image_or_several()
    {
        using var model = DepthModel.Fake(call =>
        {
            var depth = call.Output<float>("depth");
            for (var i = 0; i < depth.Length; i++)
                depth[i] = i;
        });

        var map = model.Estimate(MapOutputBuffer.Image(2, 2));

        Assert.Equal([0, 1, 2, 3], map.Values.ToArray());
        Assert.Equal([0, 32, 64, 96], map.ToImage().Pixels.ToArray());
        var both = model.Estimate([MapOutputBuffer.Image(2, 2), MapOutputBuffer.Image(1, 2)]);
        Assert.Equal(["2x2: 0 to 3", "1x2: 4.5 to 6.5"], both.Select(one => one.ToString()));
    }

    [Fact]
    public void Transform_returns_an_image_that_later_calls_do_not_change()
    {
        byte value = 0;
        using var model = StyleModel.Fake(call => call.Output<byte>("styled").Fill(++value));

        var first = model.Transform(MapOutputBuffer.Image(3, 2));
        var second = model.Transform(MapOutputBuffer.Image(1, 1));

        Assert.Equal(("3x2 Rgb", "1x1 Rgb"), (first.ToString(), second.ToString()));
        Assert.Equal(Enumerable.Repeat((byte)1, 18), first.Pixels.ToArray());
        Assert.Equal([2, 2, 2], second.Pixels.ToArray());
    }
}
