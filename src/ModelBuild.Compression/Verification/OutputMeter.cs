using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Compares one part of the outputs of both models over all calls.</summary>
internal sealed class OutputMeter
{
    private readonly ComparedPart _part;
    private readonly IMeter[] _floats;
    private readonly EqualityMeter _equality = new();
    private readonly Variation _variation;
    private readonly List<long[]> _shapes = [];
    private RowsMeter? _rows;
    private bool _isFloat;
    private bool _isMissing;
    private bool _mismatch;
    private long _elements;

    /// <param name="part">The part to compare.</param>
    /// <param name="hasInputs">Whether the model has inputs. Without inputs, the outputs are the same in each call.</param>
    public OutputMeter(ComparedPart part, bool hasInputs = true)
    {
        _part = part;
        _floats = [.. Meters(part)];
        _variation = new Variation(part.IsProbability);
        HasInputs = hasInputs;
        if (part.Rows is not null)
            _rows = new RowsMeter(part.Kind == FidelityKind.Boxes);
    }

    /// <summary>Compares a complete output of unknown content.</summary>
    public OutputMeter(string name)
        : this(new ComparedPart(name, FidelityKind.Numbers) { ClassAxis = 1 }) { }

    private bool HasInputs { get; }

    /// <summary>Adds the values of both models in one call.</summary>
    /// <param name="original">The output of the original.</param>
    /// <param name="compressed">The output of the compressed model; null when it has no such value.</param>
    /// <param name="labels">The true class of each row; null without labels.</param>
    /// <param name="kept">Whether each position of the first two axes counts; null when all count.</param>
    public void Add(OutputValues original, OutputValues? compressed, long[]? labels, bool[]? kept = null)
    {
        _isFloat |= original.IsFloat;
        _isMissing |= compressed is null;
        if (compressed is null)
            return;
        _variation.Add(original);
        _elements += original.Numbers.Length + original.Texts.Length + compressed.Numbers.Length + compressed.Texts.Length;
        if (_part.Rows is { } layout && original.Texts.Length + compressed.Texts.Length == 0)
            AddRows(original, compressed, layout);
        else if (IsSame(original, compressed))
            AddAligned(new Compared(original, compressed, labels, kept));
        else if (_part.Feeds is not null)
            // The observed value is counted as missing, because the compressed model's value of this name has other sizes, for example fewer channels, and
            // cannot be compared.
            _isMissing = true;
        else if (DifferingAxis(original, compressed) is { } axis)
            AddRows(original, compressed, new RowLayout(axis));
        else
            // The outputs of both models differ in the number of values, the keys or the number of axes, which counts as a failure.
            _mismatch = true;
    }

    /// <summary>Returns the figures of all calls so far.</summary>
    public OutputFidelity Result()
    {
        var fidelity = new OutputFidelity(_part.Output, _isFloat, OutputFidelity.IdenticalDb, null, 0, null)
        {
            Part = _part.Part,
            Feeds = _part.Feeds,
            Kind = Kind(),
            IsProbability = _part.IsProbability,
            IsNamed = _part.IsNamed,
            WhyNotMeasured = HasInputs ? _variation.WhyNot() : null,
        };
        if (_isMissing)
            return fidelity with { WhyNotMeasured = NotMeasured.Missing };
        if (_mismatch)
            return fidelity with { SqnrDb = -OutputFidelity.IdenticalDb, Top1Agreement = 0, MaxAbsoluteError = double.PositiveInfinity, WhyNotMeasured = null };
        if (_elements == 0)
            return fidelity with { WhyNotMeasured = NotMeasured.Empty };
        if (_part.Rows is not null)
            return _rows!.Describe(fidelity);
        fidelity = Meters().Aggregate(fidelity, (described, meter) => meter.Describe(described));
        if (_rows is not null)
            fidelity = WithRows(fidelity, _rows.Describe(fidelity));
        return fidelity is { Accuracy: not null, IsFloat: true } && !_part.IsGiven ? fidelity with { Kind = FidelityKind.Scores, Cosine = null } : fidelity;
    }

    // Joins the figures of aligned calls and of calls with another number of rows. The worse SQNR of both counts.
    private OutputFidelity WithRows(OutputFidelity aligned, OutputFidelity rows) =>
        aligned with
        {
            Matches = rows.Matches,
            SqnrDb = _shapes.Count == 0 ? rows.SqnrDb : Math.Min(aligned.SqnrDb, rows.SqnrDb),
            WhyNotMeasured = null,
        };

    // Returns the kind of the output. If neither the user nor a rule determines the kind, integers are indices.
    private FidelityKind Kind() => !_isFloat && _part is { Kind: FidelityKind.Numbers, IsGiven: false } ? FidelityKind.Indices : _part.Kind;

    private IMeter[] Meters() => _isFloat ? _floats : [.. _floats.Take(1), _equality];

    private static IEnumerable<IMeter> Meters(ComparedPart part)
    {
        yield return new NumbersMeter(part.Kind == FidelityKind.Image);
        if (part.Kind == FidelityKind.Embedding)
            yield return new CosineMeter();
        // Agreement of classes is measured beside the errors, because whether the output holds scores or vectors is known only when labels are compared with
        // the output.
        if (part.ClassAxis is { } axis && part.Kind is not (FidelityKind.Tokens or FidelityKind.Probabilities))
            yield return new AgreementMeter(axis, part.HasBackground);
        if (part.Kind == FidelityKind.Tokens)
            yield return new TokensMeter(part.ClassAxis ?? 1);
        if (part.Kind == FidelityKind.Probabilities)
            yield return new DecisionMeter();
    }

    private static bool IsSame(OutputValues original, OutputValues compressed) =>
        original.Shape.SequenceEqual(compressed.Shape)
        && original.Numbers.Length == compressed.Numbers.Length
        && (!original.IsFloat || original.Texts.SequenceEqual(compressed.Texts));

    private static int? DifferingAxis(OutputValues original, OutputValues compressed)
    {
        if (original.Shape.Length != compressed.Shape.Length || original.Texts.Length + compressed.Texts.Length > 0)
            return null;
        int[] axes = [.. Enumerable.Range(0, original.Shape.Length).Where(axis => original.Shape[axis] != compressed.Shape[axis])];
        return axes is [var axis] ? axis : null;
    }

    private void AddAligned(Compared call)
    {
        foreach (var meter in Meters())
            meter.Add(call);
        if (_rows is null)
            _shapes.Add(call.Before.Shape);
        else
            _rows.AddAligned(RowSets.Count(call.Before.Shape));
    }

    private void AddRows(OutputValues original, OutputValues compressed, RowLayout layout)
    {
        if (_rows is null)
        {
            _rows = new RowsMeter(areBoxes: _part.Kind == FidelityKind.Boxes);
            foreach (var shape in _shapes)
                _rows.AddAligned(RowSets.Count(shape));
        }

        var (before, after) = (RowSets.Of(original, layout), RowSets.Of(compressed, layout));
        _mismatch |= before.Length != after.Length;
        if (before.Length == after.Length)
            _rows.Add(before, after, original.IsFloat);
    }
}
