using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators with one input that act on each element.</summary>
public sealed class UnaryGradientTests
{
    private static readonly Dictionary<string, Unary> All = new()
    {
        ["Sqrt"] = new(Math.Sqrt, 0.1, 3),
        ["Exp"] = new(Math.Exp),
        ["Log"] = new(Math.Log, 0.1, 3),
        ["Erf"] = new(Functions.Erf, -2, 2),
        ["Tanh"] = new(Math.Tanh, -2, 2),
        ["Sigmoid"] = new(Functions.Sigmoid, -4, 4),
        ["Relu"] = new(x => Math.Max(x, 0)),
        ["HardSigmoid"] = new(x => Functions.HardSigmoid(x), -4, 4),
        ["HardSigmoid alpha beta"] = new(x => Functions.HardSigmoid(x, 0.7, 0.25), -2, 2) { Attributes = [("alpha", 0.7f), ("beta", 0.25f)] },
        ["HardSwish"] = new(x => x * Functions.HardSigmoid(x, 1 / 6.0, 0.5), -5, 5),
        ["LeakyRelu"] = new(x => x > 0 ? x : 0.01f * x),
        ["LeakyRelu alpha"] = new(x => x > 0 ? x : 0.3f * x) { Attributes = [("alpha", 0.3f)] },
        ["Elu"] = new(x => Functions.Elu(x), -2, 2),
        ["Elu alpha"] = new(x => Functions.Elu(x, 0.7f), -2, 2) { Attributes = [("alpha", 0.7f)] },
        ["Selu"] = new(x => 1.05070102214813232421875 * Functions.Elu(x, 1.67326319217681884765625), -2, 2),
        ["Selu alpha gamma"] = new(x => 1.3f * Functions.Elu(x, 0.6f), -2, 2) { Attributes = [("alpha", 0.6f), ("gamma", 1.3f)] },
        ["Celu"] = new(x => Functions.Elu(x), -2, 2),
        ["Celu alpha"] = new(x => x > 0 ? x : 0.6f * (Math.Exp(x / 0.6f) - 1), -2, 2) { Attributes = [("alpha", 0.6f)] },
        ["Softplus"] = new(Functions.Softplus, -3, 3),
        ["Softsign"] = new(x => x / (1 + Math.Abs(x)), -3, 3),
        ["Mish"] = new(x => x * Math.Tanh(Functions.Softplus(x)), -3, 3),
        ["Gelu"] = new(Functions.Gelu, -3, 3),
        ["Gelu tanh"] = new(Functions.GeluTanh, -3, 3) { Attributes = [("approximate", "tanh")] },
        ["com.microsoft.Gelu"] = new(Functions.Gelu, -3, 3),
        ["com.microsoft.FastGelu"] = new(Functions.GeluTanh, -3, 3),
        ["com.microsoft.QuickGelu"] = new(x => x * Functions.Sigmoid(1.702f * x), -3, 3),
        ["com.microsoft.QuickGelu alpha"] = new(x => x * Functions.Sigmoid(0.8f * x), -3, 3) { Attributes = [("alpha", 0.8f)] },
        ["ThresholdedRelu"] = new(x => x > 1 ? x : 0, -2, 3),
        ["ThresholdedRelu alpha"] = new(x => x > 0.6f ? x : 0, -1, 2) { Attributes = [("alpha", 0.6f)] },
        ["Shrink"] = new(x => Functions.Shrink(x)),
        ["Shrink lambd bias"] = new(x => Functions.Shrink(x, 0.4f, 0.3f)) { Attributes = [("lambd", 0.4f), ("bias", 0.3f)] },
        ["Abs"] = new(Math.Abs),
        ["Neg"] = new(x => -x),
        ["Reciprocal"] = new(x => 1 / x),
        ["Sin"] = new(Math.Sin, -3, 3),
        ["Cos"] = new(Math.Cos, -3, 3),
        ["Tan"] = new(Math.Tan),
        ["Asin"] = new(Math.Asin, -0.9, 0.9),
        ["Acos"] = new(Math.Acos, -0.9, 0.9),
        ["Atan"] = new(Math.Atan, -3, 3),
        ["Sinh"] = new(Math.Sinh),
        ["Cosh"] = new(Math.Cosh),
        ["Asinh"] = new(Math.Asinh, -3, 3),
        ["Acosh"] = new(Math.Acosh, 1.2, 4),
        ["Atanh"] = new(Math.Atanh, -0.9, 0.9),
        ["Identity"] = new(x => x),
        ["Cast"] = new(x => x) { Attributes = [("to", 1L)] },
        ["Dropout"] = new(x => x),
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    public static TheoryData<string, long[]> Cases()
    {
        var cases = new TheoryData<string, long[]>();
        foreach (var name in All.Keys)
        foreach (var shape in new long[][] { [], [17], [3, 1, 5], [2, 0] })
            // ONNX Runtime has no FastGelu for scalars.
            if (name != "com.microsoft.FastGelu" || shape.Length > 0)
                cases.Add(name, shape);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_the_function(string name, long[] shape)
    {
        var unary = All[name];
        Check(unary, new Net().Input("x", shape).Add(unary.Node(name, "y")).Output("y")).Against(v => [.. v["x"].Select(unary.Function)]).Holds();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_adds_to_other_uses_of_the_input(string name)
    {
        var unary = All[name];
        Check(unary, new Net().Input("x", 3, 1, 5).Add(unary.Node(name, "f")).Node("Mul", "f x", "y").Output("y"))
            .Against(v => [.. v["x"].Select(x => unary.Function(x) * x)])
            .Holds();
    }

    private static GradientCheck Check(Unary unary, Net net)
    {
        var check = new GradientCheck(net);
        return unary.From < unary.To ? check.Between("x", unary.From, unary.To) : check;
    }

    /// <summary>An operator as a function of one number.</summary>
    private sealed record Unary(Func<double, double> Function, double From = 0, double To = 0)
    {
        public (string Name, object Value)[] Attributes { get; init; } = [];

        public NodeProto Node(string name, string output)
        {
            var op = name.Split(' ')[0];
            var domain = op.StartsWith(Domains.Microsoft, StringComparison.Ordinal) ? Domains.Microsoft : "";
            return Nodes.Create(op.Split('.')[^1], ["x"], [output], domain: domain, attributes: Attributes);
        }
    }
}
