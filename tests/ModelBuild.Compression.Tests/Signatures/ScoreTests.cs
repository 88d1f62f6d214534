using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests which meaning of an output follows from the operators before it.</summary>
public sealed class ScoreTests
{
    [Theory]
    [InlineData("Gemm", ScoreKind.Logits)]
    [InlineData("Softmax", ScoreKind.Probabilities)]
    [InlineData("Sigmoid", ScoreKind.Probabilities)]
    [InlineData("LogSoftmax", ScoreKind.LogProbabilities)]
    [InlineData("Softmax Identity", ScoreKind.Probabilities)]
    [InlineData("Sigmoid Cast Reshape", ScoreKind.Probabilities)]
    [InlineData("LogSoftmax QuantizeLinear DequantizeLinear", ScoreKind.LogProbabilities)]
    [InlineData("Softmax Relu", ScoreKind.Logits)]
    [InlineData("Identity", ScoreKind.Logits)]
    internal void Are_what_an_output_holds(string operators, ScoreKind expected)
    {
        var (net, value) = (new Net().Input("x", 1, 3), "x");
        foreach (var (op, i) in operators.Split(' ').Select((op, i) => (op, i)))
            (net, value) = (net.Node(op, op is "Reshape" ? value + " shape" : value, $"v{i}"), $"v{i}");
        Assert.Equal(expected, Assert.Single(SignatureReader.Read(net.Output(value).Build()).Outputs).Scores);
    }

    [Fact]
    public void A_softmax_in_parts_is_one() =>
        Assert.Equal(
            ScoreKind.Probabilities,
            Assert
                .Single(
                    SignatureReader
                        .Read(new Net().Input("x", 1, 3).Node("Exp", "x", "e").Node("ReduceSum", "e", "s").Node("Div", "e s", "y").Output("y").Build())
                        .Outputs
                )
                .Scores
        );

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/litenet-conv.onnx", ScoreKind.Logits)]
    [InlineData("models/mobilenetv1_025.onnx", ScoreKind.Logits)]
    [InlineData("models/squeezenet_fp16.onnx", ScoreKind.Probabilities)]
    [InlineData("models/pytorch_cnn_mnist.onnx", ScoreKind.LogProbabilities)]
    internal void Of_real_models(string model, ScoreKind expected) =>
        Assert.Equal(expected, SignatureReader.Read(OnnxModel.Load(Corpus.Path(model), new OnnxLoadOptions { SkipWeights = true })).Outputs[0].Scores);
}
