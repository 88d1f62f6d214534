using ModelBuild.Onnx;

namespace ModelBuild.Compression.Signatures;

/// <summary>Determines from the operators before an output whether its rows are probabilities, so that applications do not apply softmax twice.</summary>
internal sealed class ScoreSource
{
    // The operators whose outputs have the values of their first input, apart from rounding.
    private static readonly string[] Passing =
    [
        "Identity",
        "Cast",
        "CastLike",
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "QuantizeLinear",
        "DequantizeLinear",
        "Dropout",
    ];

    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);

    public ScoreSource(GraphProto graph)
    {
        foreach (var node in graph.Node)
        foreach (var output in node.Output)
            _producers.TryAdd(output, node);
    }

    /// <summary>Returns the meaning of an output with class scores; <see cref="ScoreKind.Logits"/> when no operator shows another meaning.</summary>
    public ScoreKind Of(string output)
    {
        var node = _producers.GetValueOrDefault(output);
        // The search back from the output has a limited number of steps, because the nodes of the model may form a cycle. A model with a cycle is refused
        // later.
        for (var steps = 0; node is not null && Passing.Contains(node.OpType) && steps < _producers.Count; steps++)
            node = Producer(node, 0);
        return node?.OpType switch
        {
            "Softmax" or "Sigmoid" or "HardSigmoid" or "TreeEnsembleClassifier" or "Normalizer" => ScoreKind.Probabilities,
            "LogSoftmax" => ScoreKind.LogProbabilities,
            "LinearClassifier"
            or "SVMClassifier" when node.Attribute.Any(attribute => attribute.Name == "post_transform" && attribute.S.ToStringUtf8() != "NONE") =>
                ScoreKind.Probabilities,
            // A quotient of an Exp and a ReduceSum is a softmax, which exporters may write as separate operators.
            "Div" when Producer(node, 0)?.OpType == "Exp" && Producer(node, 1)?.OpType == "ReduceSum" => ScoreKind.Probabilities,
            _ => ScoreKind.Logits,
        };
    }

    private NodeProto? Producer(NodeProto node, int input) => node.Input.Count > input ? _producers.GetValueOrDefault(node.Input[input]) : null;
}
