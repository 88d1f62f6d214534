namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The arithmetic with which the gradients of elementwise operators are written.</summary>
internal static class Formulas
{
    // The slope that makes HardSigmoid a step function. ONNX Runtime computes it several times faster than a comparison or Sign.
    private const float Steep = 1e30f;

    /// <summary>Returns the name of the value a + b.</summary>
    public static string Sum(this GradientNode node, string a, string b) => node.Emit("Add", [a, b]);

    /// <summary>Returns the name of the value a + b for a number b.</summary>
    public static string Sum(this GradientNode node, string a, float b) => b == 0 ? a : node.Emit("Add", [a, node.Number(b)]);

    /// <summary>Returns the name of the value a − b.</summary>
    public static string Difference(this GradientNode node, string a, string b) => node.Emit("Sub", [a, b]);

    /// <summary>Returns the name of the value a − b for a number a.</summary>
    public static string Difference(this GradientNode node, float a, string b) => node.Emit("Sub", [node.Number(a), b]);

    /// <summary>Returns the name of the value a · b.</summary>
    public static string Product(this GradientNode node, string a, string b) => node.Emit("Mul", [a, b]);

    /// <summary>Returns the name of the value a · b for a number b.</summary>
    public static string Product(this GradientNode node, string a, float b) => b == 1 ? a : node.Emit("Mul", [a, node.Number(b)]);

    /// <summary>Returns the name of the value a / b.</summary>
    public static string Quotient(this GradientNode node, string a, string b) => node.Emit("Div", [a, b]);

    /// <summary>Adds an operator with one input, and returns the name of its result.</summary>
    public static string Of(this GradientNode node, string opType, string value) => node.Emit(opType, [value]);

    /// <summary>Returns the name of the value a².</summary>
    public static string Square(this GradientNode node, string a) => node.Emit("Mul", [a, a]);

    /// <summary>Returns the name of a value that is 1 where the given value is positive, and 0 elsewhere.</summary>
    public static string Step(this GradientNode node, string value) => node.Emit("HardSigmoid", [value], ("alpha", Steep), ("beta", 0f));

    /// <summary>Returns the name of a value that is 1 where the given value is positive, −1 where it is negative, and 0 where it is 0.</summary>
    public static string Sign(this GradientNode node, string value) =>
        node.Sum(node.Product(node.Emit("HardSigmoid", [value], ("alpha", Steep), ("beta", 0.5f)), 2), -1);

    /// <summary>Returns the name of a value that is 1 where two values are equal, and 0 elsewhere.</summary>
    public static string Equality(this GradientNode node, string a, string b) =>
        node.Emit("Cast", [node.Emit("Equal", [a, b])], ("to", (long)ModelBuild.Onnx.TensorProto.Types.DataType.Float));

    /// <summary>Adds the gradient of an input that has the shape of the output: the gradient of the output times the derivative.</summary>
    public static void AddProduct(this GradientNode node, int input, string derivative) => node.Add(input, node.Product(node.Gradient(), derivative));
}
