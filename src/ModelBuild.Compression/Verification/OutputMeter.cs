using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Compares one part of the original's answers with the compressed model's, call after call.</summary>
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

    /// <param name="part">What is compared.</param>
    /// <param name="hasInputs">Whether the model has inputs: the outputs of one without are the same at each call.</param>
    public OutputMeter(ComparedPart part, bool hasInputs = true)
    {
        _part = part;
        _floats = [.. Meters(part)];
        _variation = new Variation(part.IsProbability);
        HasInputs = hasInputs;
        if (part.Rows is not null)
            _rows = new RowsMeter(part.Kind == FidelityKind.Boxes);
    }

    /// <summary>Compares a whole output of which nothing is known but its name.</summary>
    public OutputMeter(string name)
        : this(new ComparedPart(name, FidelityKind.Numbers) { ClassAxis = 1 }) { }

    private bool HasInputs { get; }

    /// <summary>Adds one call's results.</summary>
    /// <param name="original">What the original gave.</param>
    /// <param name="compressed">What the compressed model gave; null where it has no such value.</param>
    /// <param name="labels">The true class of each row, or null.</param>
    /// <param name="kept">Which positions of the first two axes count; null where all do.</param>
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
            // The value of that name is another one now, such as one with fewer channels: it is no answer.
            _isMissing = true;
        else if (DifferingAxis(original, compressed) is { } axis)
            AddRows(original, compressed, new RowLayout(axis));
        else
            // As many values under the same keys, in as many axes, is part of the answer.
            _mismatch = true;
    }

    /// <summary>What was measured so far.</summary>
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

    // In some calls the number of rows differs: it is as near as the worse of both comparisons says.
    private OutputFidelity WithRows(OutputFidelity aligned, OutputFidelity rows) =>
        aligned with
        {
            Matches = rows.Matches,
            SqnrDb = _shapes.Count == 0 ? rows.SqnrDb : Math.Min(aligned.SqnrDb, rows.SqnrDb),
            WhyNotMeasured = null,
        };

    // What an output holds that nobody has said anything about is told by its type.
    private FidelityKind Kind() => !_isFloat && _part is { Kind: FidelityKind.Numbers, IsGiven: false } ? FidelityKind.Indices : _part.Kind;

    private IMeter[] Meters() => _isFloat ? _floats : [.. _floats.Take(1), _equality];

    private static IEnumerable<IMeter> Meters(ComparedPart part)
    {
        yield return new NumbersMeter(part.Kind == FidelityKind.Image);
        if (part.Kind == FidelityKind.Embedding)
            yield return new CosineMeter();
        // Labels tell scores from vectors.
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
