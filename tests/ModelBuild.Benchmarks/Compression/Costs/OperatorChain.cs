using ModelBuild.Onnx;
using ModelBuild.Testing.Fixtures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>A model that applies the same operators one after another, so that the cost of a session's call can be subtracted.</summary>
/// <param name="Shape">The shape of the input and of each result.</param>
/// <param name="Step">Adds the operators of one step: the net, the input, the output, and the index of the step.</param>
internal sealed record OperatorChain(long[] Shape, Action<Net, string, string, int> Step)
{
    /// <summary>The element type of the input.</summary>
    public DataType Type { get; init; } = DataType.Float;

    /// <summary>Whether each step stands between DequantizeLinear and QuantizeLinear.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>Whether ONNX Runtime optimizes the model.</summary>
    public bool IsOptimized { get; init; } = true;

    /// <summary>The operator that ONNX Runtime must make of each step; null where it does not matter.</summary>
    public string? Becomes { get; init; }

    /// <summary>The number of steps that are compared with one step.</summary>
    public int Steps { get; init; } = 8;

    /// <summary>Builds the model with a number of steps.</summary>
    public OnnxModel Build(int steps)
    {
        var net = new Net().Input("x", Type, Shape).Constant("scale", [], 0.05f).Constant<byte>("zero", [], 128);
        var value = "x";
        if (IsQuantized)
            net.Node("QuantizeLinear", "x scale zero", value = "codes");
        for (var i = 0; i < steps; i++)
        {
            if (IsQuantized)
            {
                net.Node("DequantizeLinear", $"{value} scale zero", $"real{i}");
                Step(net, $"real{i}", $"result{i}", i);
                net.Node("QuantizeLinear", $"result{i} scale zero", $"codes{i}");
                value = $"codes{i}";
            }
            else
            {
                Step(net, value, $"result{i}", i);
                value = $"result{i}";
            }
        }

        if (IsQuantized)
            net.Node("DequantizeLinear", $"{value} scale zero", value = "y");
        var model = net.Output(value).Build();
        model.ImportOpset(Domains.Microsoft, 1);
        return model;
    }
}
