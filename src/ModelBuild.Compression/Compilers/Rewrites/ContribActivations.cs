using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>The standard forms of activations: the Gaussian error linear unit and its approximations (Hendrycks and Gimpel 2016, arXiv 1606.08415).</summary>
internal static class ContribActivations
{
    /// <summary>Rewrites Gelu as x · (1 + erf(x / √2)) / 2.</summary>
    public static bool Gelu(NodeWriter writer) => Exact(writer, writer.Node.Input[0]);

    /// <summary>Rewrites BiasGelu as the Gelu of x + bias.</summary>
    public static bool BiasGelu(NodeWriter writer) => Exact(writer, writer.Add("Add", [writer.Node.Input[0], writer.Node.Input[1]]));

    /// <summary>Rewrites FastGelu as x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2, of x + bias if there is one.</summary>
    public static bool FastGelu(NodeWriter writer)
    {
        var x = writer.Node.InputAt(1).Length > 0 ? writer.Add("Add", [writer.Node.Input[0], writer.Node.Input[1]]) : writer.Node.Input[0];
        var cube = writer.Add("Mul", [writer.Add("Mul", [x, x]), x]);
        var sum = writer.Add("Add", [x, writer.Add("Mul", [cube, writer.Scalar(0.044715f)])]);
        var tanh = writer.Add("Tanh", [writer.Add("Mul", [sum, writer.Scalar(MathF.Sqrt(2 / MathF.PI))])]);
        return Half(writer, x, tanh);
    }

    /// <summary>Rewrites QuickGelu as x · sigmoid(α · x).</summary>
    public static bool QuickGelu(NodeWriter writer)
    {
        var x = writer.Node.Input[0];
        var scaled = writer.Add("Mul", [x, writer.Scalar(writer.Node.GetFloat("alpha", 1.702f))]);
        return writer.Replace(writer.Add("Mul", [x, writer.Add("Sigmoid", [scaled])]));
    }

    private static bool Exact(NodeWriter writer, string x) => Half(writer, x, writer.Add("Erf", [writer.Add("Div", [x, writer.Scalar(MathF.Sqrt(2))])]));

    private static bool Half(NodeWriter writer, string x, string part)
    {
        var product = writer.Add("Mul", [x, writer.Add("Add", [part, writer.Scalar(1)])]);
        return writer.Replace(writer.Add("Mul", [product, writer.Scalar(0.5f)]));
    }
}
