using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Who owns what, and until when.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public void A_result_that_is_not_disposed_keeps_its_values()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var kept = Enumerable.Range(0, 20).Select(seed => model.Run(CallTests.Features(1, seed))).ToArray();
        var expected = kept.Select(result => result.Scores.ToArray()).ToArray();
        for (var i = 0; i < 100; i++)
        {
            using var other = model.Run(CallTests.Features(1, 1000 + i));
        }

        for (var i = 0; i < kept.Length; i++)
            Assert.Equal(expected[i], kept[i].Scores.ToArray());
    }

    [Fact]
    public void A_span_outlives_its_forgotten_result()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var expected = model.Run(CallTests.Features(1)).Scores.ToArray();
        var span = model.Run(CallTests.Features(1)).Scores.Span;
        for (var i = 0; i < 200; i++)
        {
            _ = model.Run(CallTests.Features(4, i));
            if (i % 50 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.Equal(expected, span.ToArray());
    }

    [Fact]
    public void Use_after_dispose_throws()
    {
        using var model = ReluModel.Load(TinyModels.Relu());
        var result = model.Run(new float[16]);
        var view = result.Y;
        result.Dispose();
        Assert.Throws<ObjectDisposedException>(() => result.Y.Length);
        Assert.Throws<ObjectDisposedException>(() => view.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => view.Shape.Length);
        Assert.Equal("disposed", view.ToString());

        // The buffers belong to the next result. The old result stays closed and cannot release them.
        using var next = model.Run(Enumerable.Repeat(5f, 16).ToArray());
        result.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Span[0]);
        using var another = model.Run(new float[16]);
        Assert.Equal(5, next.Y.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => default(ReluModel.Result).Y);
    }

    [Fact]
    public void Results_outlive_the_model()
    {
        var model = ReluModel.Load(TinyModels.Relu());
        var result = model.Run(Enumerable.Repeat(3f, 16).ToArray());
        model.Dispose();
        model.Dispose();
        Assert.Equal(3, result.Y.Span[15]);
        result.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Run(new float[16]));
        Assert.Throws<ObjectDisposedException>(() => model.Session);
        Assert.Equal("cpu", model.Provider);
    }

    [Fact]
    public void A_call_that_fails_leaves_the_model_usable()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        for (var i = 0; i < 100; i++)
        {
            Assert.Throws<ArgumentException>(() => model.Run(new float[5], new float[5], length: 2));
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Run(new float[5], new float[5], length: -1));
        }

        using var result = model.Run([1, 2], [3, 4], length: 2);
        Assert.Equal([4, 6], result.Sum.ToArray());
    }
}
