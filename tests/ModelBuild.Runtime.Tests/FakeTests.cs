using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests;

/// <summary>Models for tests of code that uses them.</summary>
public sealed class FakeTests
{
    [Fact]
    public async Task A_fake_answers_without_a_file()
    {
        using var model = MlpModel.Fake(call =>
        {
            var features = call.Input<float>(MlpModel.InputNames.Features);
            Assert.Equal([2, 64], call.InputShape(MlpModel.InputNames.Features).ToArray());
            call.Output<float>(MlpModel.OutputNames.Scores)[3] = features[0];
        });
        var x = new float[128];
        x[0] = 7;
        using var result = model.Run(x);
        Assert.Equal([2, 10], result.Scores.Shape.ToArray());
        Assert.Equal(3, result.Scores.ArgMax(0));
        Assert.Equal(7, result.Scores[0, 3]);
        using var later = await model.RunAsync(x, TestContext.Current.CancellationToken);
        Assert.Equal(7, later.Scores[0, 3]);
        Assert.Equal("fake", model.Provider);
        Assert.Throws<NotSupportedException>(() => model.Session);
        Assert.Throws<ArgumentException>(() => model.Run(new float[65]));
    }

    [Fact]
    public void An_output_without_a_declared_shape_is_set_whole()
    {
        using var model = FreeModel.Fake(call => call.SetOutput<float>(FreeModel.OutputNames.Y, [1, 2, 3, 4], 2, 2));
        using var result = model.Run([5], [1]);
        Assert.Equal([2, 2], result.Y.Shape.ToArray());
        Assert.Equal([1, 2, 3, 4], result.Y.ToArray());
    }

    [Fact]
    public void A_fake_that_is_told_wrong_says_so()
    {
        using var model = MlpModel.Fake(call => call.Output<float>("logits"));
        Assert.Contains("scores", Assert.Throws<ArgumentException>(() => model.Run(new float[64])).Message, StringComparison.Ordinal);
        using var typed = MlpModel.Fake(call => call.Output<long>(MlpModel.OutputNames.Scores));
        Assert.Contains("float32", Assert.Throws<ArgumentException>(() => typed.Run(new float[64])).Message, StringComparison.Ordinal);
        using var failing = MlpModel.Fake(_ => throw new TimeoutException("no"));
        Assert.Throws<TimeoutException>(() => failing.Run(new float[64]));
    }

    [Fact]
    public void Generic_code_can_open_and_use_any_model()
    {
        Assert.Equal("ModelBuild.Runtime.Tests.Models.MlpModel", Name(MlpModel.Fake(_ => { })));
        Assert.Throws<FileNotFoundException>(() => Open<MlpModel>(new ModelOptions { Path = "none.onnx" }));

        static string Name<T>(T model)
            where T : IModel
        {
            using (model)
                return model.Signature.Name;
        }

        static T Open<T>(ModelOptions options)
            where T : IModel<T> => T.Open(options);
    }
}
