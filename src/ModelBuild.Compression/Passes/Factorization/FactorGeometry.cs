namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>The sizes of a layer that is factorized, and the number of its output positions.</summary>
/// <param name="Outputs">N, the output channels.</param>
/// <param name="Channels">C, the input channels.</param>
/// <param name="Kernel">The kernel's sizes; empty for Gemm and MatMul.</param>
/// <param name="Positions">The number of output positions at which the weights are multiplied in one call.</param>
/// <param name="Widening">The number of columns that the input of a convolution of two axes has for each column of the output.</param>
internal sealed record FactorGeometry(int Outputs, int Channels, int[] Kernel, double Positions, double Widening)
{
    /// <summary>The number of elements of the kernel.</summary>
    public int Patch => Kernel.Aggregate(1, (a, b) => a * b);

    /// <summary>The number K of inputs that one output channel multiplies.</summary>
    public int Inputs => Channels * Patch;

    /// <summary>The multiply-adds of one output position.</summary>
    public double Work => (double)Outputs * Inputs;

    /// <summary>The multiply-adds of all output positions in one call.</summary>
    public double AllWork => Work * Positions;
}
