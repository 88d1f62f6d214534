namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Computes the elementwise operators in float64, as the ONNX standard defines them.</summary>
internal static class Functions
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double HardSigmoid(double x, double alpha = 0.2, double beta = 0.5) => Math.Clamp(alpha * x + beta, 0, 1);

    public static double Elu(double x, double alpha = 1) => x > 0 ? x : alpha * (Math.Exp(x) - 1);

    public static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    public static double Gelu(double x) => x / 2 * (1 + Erf(x / Math.Sqrt(2)));

    public static double GeluTanh(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    public static double Shrink(double x, double lambd = 0.5, double bias = 0) =>
        x < -lambd ? x + bias
        : x > lambd ? x - bias
        : 0;

    // The power series converges for all numbers, and it does so fast for the numbers of the tests.
    public static double Erf(double x)
    {
        var (sum, term) = (0.0, x);
        for (var n = 0; n < 80; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
