using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Constraints;

/// <summary>Keeps the zeros of a pruned tensor: its other elements are trained.</summary>
internal sealed class KeptZeros
{
    private readonly Parameter _parameter;
    private readonly int[] _zeros;

    private KeptZeros(Parameter parameter, int[] zeros) => (_parameter, _zeros) = (parameter, zeros);

    /// <summary>Creates the constraint; null for a tensor without zeros, and for a vector, whose zeros are first values and no result of pruning.</summary>
    public static KeptZeros? Create(Parameter parameter)
    {
        if (parameter.Shape.Length < 2)
            return null;
        int[] zeros = [.. parameter.Values.Index().Where(value => value.Item == 0).Select(value => value.Index)];
        return zeros.Length == 0 ? null : new KeptZeros(parameter, zeros);
    }

    /// <summary>Removes the gradient of the zeros. It is called before each update.</summary>
    public void BeforeUpdate()
    {
        foreach (var index in _zeros)
            _parameter.Gradient[index] = 0;
    }

    /// <summary>Sets the zeros again, which an optimizer may change by its momentum.</summary>
    public void AfterUpdate()
    {
        foreach (var index in _zeros)
            _parameter.Values[index] = 0;
    }
}
