namespace ModelBuild.Compression.Verification;

/// <summary>Measures one property of an output over all calls.</summary>
internal interface IMeter
{
    /// <summary>Adds the values of one call. The values of both models have the same shape.</summary>
    void Add(Compared call);

    /// <summary>Returns <paramref name="fidelity"/> with the figures that this meter has measured.</summary>
    OutputFidelity Describe(OutputFidelity fidelity);
}
