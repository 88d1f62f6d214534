using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>A model of the same signature may take the place of another; one of a different signature is refused, with reasons.</summary>
public sealed class SignatureTests
{
    [Fact]
    public void The_right_hash_is_enough()
    {
        using var known = ReluModel.Load(TinyModels.Relu());
        var hash = known.Signature.Hash;
        Assert.Equal(64, hash.Length);
        // The shapes differ, so it must have been the hash.
        using var model = ReluModel.Load(Other("x: float32[n, 16]", "y: float32[n, 16]").Metadata("modelbuild.signature", hash).ToBytes());
        Assert.Equal(2, model.Run(new float[16]).Y.Rank);
    }

    [Fact]
    public void Another_hash_with_the_same_tensors_is_accepted()
    {
        using var model = ReluModel.Load(Other("x: float32[1, 16]", "y: float32[1, 16]").Metadata("modelbuild.signature", new string('0', 64)).ToBytes());
    }

    [Fact]
    public void A_model_that_takes_more_is_accepted()
    {
        using var model = ReluModel.Load(Other("x: float32[rows, columns]", "y: float32[rows, columns]").ToBytes());
        using var result = model.Run(new float[16]);
        Assert.Equal([1L, 16L], result.Y.Shape);
    }

    [Fact]
    public void A_symbol_by_another_name_is_accepted()
    {
        using var model = MlpModel.Load(
            new TinyModel()
                .Input("features: float32[N, 64]")
                .Output("scores: float32[N, 10]")
                .Weight("w", 64, 10)
                .Node("MatMul(features, w) -> scores")
                .ToBytes()
        );
    }

    [Theory]
    [InlineData("x: float32[1, 17]", "y: float32[1, 17]", "input 'x': the class expects float32[1, 16], the model has float32[1, 17]")]
    [InlineData("x: float32[16]", "y: float32[16]", "output 'y': the class expects float32[1, 16], the model has float32[16]")]
    [InlineData("x: float64[1, 16]", "y: float64[1, 16]", "input 'x': the class expects float32[1, 16], the model has float64[1, 16]")]
    [InlineData("z: float32[1, 16]", "y: float32[1, 16]", "input 'x' is missing; the model has 'z'; input 'z' of the model is not an input of the class")]
    [InlineData("x: float32[1, 16]", "w: float32[1, 16]", "output 'y' is missing; the model has 'w'")]
    public void A_difference_is_refused(string input, string output, string difference)
    {
        var exception = Assert.Throws<ModelSignatureException>(() => ReluModel.Load(Other(input, output).ToBytes()));
        Assert.Contains(difference, exception.Message, StringComparison.Ordinal);
        Assert.Contains("the class ModelBuild.Runtime.Tests.Models.ReluModel was generated for", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Rebuild the project", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fixed_batch_where_the_class_allows_any_is_refused()
    {
        var exception = Assert.Throws<ModelSignatureException>(() =>
            MlpModel.Load(
                new TinyModel()
                    .Input("features: float32[1, 64]")
                    .Output("scores: float32[1, 10]")
                    .Weight("w", 64, 10)
                    .Node("MatMul(features, w) -> scores")
                    .ToBytes()
            )
        );
        Assert.Equal(["input 'features': the class expects float32[batch, 64], the model has float32[1, 64]"], exception.Differences);
    }

    [Fact]
    public void The_contract_reads_like_the_model()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        Assert.Equal("float32[batch, 64]", model.Signature.Inputs[0].ToString());
        Assert.Equal(64, model.Signature.Inputs[0].Shape![1].Size);
        Assert.Equal("batch", model.Signature.Inputs[0].Shape![0].Symbol);
        Assert.Contains("output scores: float32[batch, 10]", model.Signature.ToString(), StringComparison.Ordinal);
    }

    private static TinyModel Other(string input, string output) =>
        new TinyModel().Input(input).Output(output).Node($"Relu({input.Split(':')[0]}) -> {output.Split(':')[0]}");
}
