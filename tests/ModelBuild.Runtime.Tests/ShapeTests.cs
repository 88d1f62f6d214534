using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Calls of other shapes one after the other, on the same buffers.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Shapes_in_any_order_give_what_each_gives_alone()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            // More shapes than are kept, and larger ones between smaller ones.
            var batch = 1 + random.Next(40);
            var features = CallTests.Features(batch, i);
            using var alone = MlpModel.Load(TinyModels.Mlp());
            using var expected = alone.Run(features);
            using var result = model.Run(features);
            Assert.Equal([batch, 10], result.Scores.Shape.ToArray());
            Assert.Equal(expected.Scores.ToArray(), result.Scores.ToArray());
            i += 4;
        }
    }

    [Fact]
    public void A_shape_that_depends_on_the_values_is_never_believed()
    {
        using var model = NonZeroModel.Load(TinyModels.NonZero());
        float[][] inputs =
        [
            [0, 1, 1],
            [0, 1, 1],
            [0, 1, 1],
            [1, 1, 1],
            [0, 0, 0],
            [0, 0, 5],
            [0, 1, 1],
        ];
        foreach (var x in inputs)
        {
            using var result = model.Run(x);
            Assert.Equal(Enumerable.Range(0, x.Length).Where(i => x[i] != 0).Select(i => (long)i), result.Places.ToArray());
            Assert.Equal(x, result.Copy.ToArray());
        }
    }

    [Fact]
    public void A_larger_call_moves_the_buffers_of_smaller_ones()
    {
        using var model = FreeModel.Load(TinyModels.Free());
        foreach (var length in (int[])[3, 500, 3, 20_000, 3, 500])
        {
            var x = Enumerable.Range(0, length).Select(i => (float)(i - 2)).ToArray();
            for (var repeat = 0; repeat < 3; repeat++)
            {
                using var result = model.Run(x, [length]);
                Assert.Equal([length], result.Y.Shape.ToArray());
                Assert.Equal(x.Select(value => Math.Max(0, value)), result.Y.ToArray());
            }
        }
    }
}
