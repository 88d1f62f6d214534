using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// A float32 tensor in which few values recur, as weight sharing leaves it. Training changes the values: the gradients of all elements that share a value are
/// added. Zero stays zero.
/// </summary>
internal sealed class SharedValue : TrainedValue
{
    // The largest number of different values of a tensor with shared weights. Each value must also occur several times on average. Other tensors have nearly as
    // many different values as elements.
    private const int MaxValues = 256;
    private const int MinRecurrence = 4;

    private readonly int[] _codes;

    private SharedValue(Parameter input, float[] values, int[] codes)
    {
        (Input, _codes) = (input, codes);
        Free = new Parameter(input.Name, [values.Length], values);
    }

    public override Parameter Input { get; }

    public override Parameter Free { get; }

    /// <summary>
    /// Returns the trained value of a tensor whose elements share values; null for any other tensor. A tensor whose elements are all equal has no codebook:
    /// such elements are usually the initial values of a weight.
    /// </summary>
    public static SharedValue? Find(Parameter input)
    {
        if (input.Shape.Length < 2)
            return null;
        var places = new Dictionary<float, int>();
        var codes = new int[input.Values.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            if (!places.TryGetValue(input.Values[i], out codes[i]))
                places[input.Values[i]] = codes[i] = places.Count;
            if (places.Count > MaxValues)
                return null;
        }

        return places.Count > 1 && places.Count * MinRecurrence <= codes.Length ? new SharedValue(input, [.. places.Keys], codes) : null;
    }

    /// <summary>The indices of the shared values that the elements have.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>
    /// Returns for each element the next value in the direction against the gradient g. For a distance d, the change of the loss is about d·g + d²·h/2, with a
    /// curvature h. Zeros stay zeros.
    /// </summary>
    /// <param name="gradient">The mean gradient of each element.</param>
    /// <param name="curvature">The mean curvature of the loss.</param>
    public IEnumerable<CodeMove> Moves(double[] gradient, double curvature)
    {
        int[] order = [.. Enumerable.Range(0, Free.Values.Length).OrderBy(code => Free.Values[code])];
        var places = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            places[order[i]] = i;
        for (var i = 0; i < _codes.Length; i++)
        {
            var place = places[_codes[i]] - Math.Sign(gradient[i]);
            if (gradient[i] == 0 || place < 0 || place >= order.Length || Free.Values[_codes[i]] == 0)
                continue;
            var distance = (double)Free.Values[order[place]] - Free.Values[_codes[i]];
            yield return new CodeMove(this, i, order[place], -distance * gradient[i], distance * distance * curvature / 2);
        }
    }

    /// <summary>Assigns another shared value to an element. The caller then calls <see cref="Compute"/>.</summary>
    /// <param name="element">The index of the element.</param>
    /// <param name="code">The index of the value.</param>
    /// <returns>The index of the value before.</returns>
    public int Assign(int element, int code)
    {
        var before = _codes[element];
        _codes[element] = code;
        return before;
    }

    public override void Compute()
    {
        for (var i = 0; i < _codes.Length; i++)
            Input.Values[i] = Free.Values[_codes[i]];
    }

    public override void Collect()
    {
        Array.Clear(Free.Gradient);
        for (var i = 0; i < _codes.Length; i++)
            Free.Gradient[_codes[i]] += Input.Gradient[i];
        for (var i = 0; i < Free.Values.Length; i++)
            if (Free.Values[i] == 0)
                Free.Gradient[i] = 0;
    }

    public override IEnumerable<TensorProto> Constants() => [Tensors.Create(Input.Name, Input.Shape, Input.Values.ToArray())];
}
