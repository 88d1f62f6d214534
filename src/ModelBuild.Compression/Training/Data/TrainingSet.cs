using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// The rows of training. Steps use the training rows. Held-out rows, or those of a separate validation source, only choose the best state and stop
/// training early. Verification uses neither: it reads the calibration data, and training on calibration data takes only the calls that verification does not
/// hold out. Rows that exceed the memory stay in files, from which batches read them by position.
/// </summary>
internal sealed class TrainingSet : IDisposable
{
    // The numbers of the random sequences that are derived from the one seed of a training.
    private const int Division = 1,
        Order = 2,
        Changes = 3,
        Choice = 4;

    private readonly RowStore _store;
    private readonly RowIndex _training;
    private readonly RowIndex _validation;
    private readonly int[] _trainingRows;
    private readonly int[] _heldOutRows;
    private readonly ulong _seed;

    private TrainingSet(RowStore store, IReadOnlyList<RowBlock> training, IReadOnlyList<RowBlock>? validation, ulong seed)
    {
        (_store, _seed) = (store, seed);
        _training = new RowIndex(training);
        _validation = validation is null ? _training : new RowIndex(validation);
        if (_training.Count == 0)
            throw RowIndex.Fault("it has no row", training is [var empty, ..] ? empty.File : null);
        if (_validation.Count == 0)
            throw RowIndex.Fault("its validation part has no row", validation is [var other, ..] ? other.File : null);
        var division = DerivedSeed.Of(seed, Division);
        (_trainingRows, _heldOutRows) = validation is null
            ? RowDivision.Of(_training.Count, division)
            : new RowDivision([.. Enumerable.Range(0, _training.Count)], RowDivision.Validation(_validation.Count, division));
    }

    /// <summary>The number of rows that are trained on.</summary>
    public int TrainingRows => _trainingRows.Length;

    /// <summary>The number of rows that are held out; 0 if the data has a single row.</summary>
    public int HeldOutRows => _heldOutRows.Length;

    /// <summary>Whether any row that is trained on has a label.</summary>
    public bool HasLabels => _training.Blocks.Any(block => block.Labels is not null);

    /// <summary>Whether any row of the data that held-out rows are taken from has a label.</summary>
    public bool HasHeldOutLabels => _validation.Blocks.Any(block => block.Labels is not null);

    /// <summary>Opens training data in the formats of calibration data.</summary>
    /// <param name="files">The files.</param>
    /// <param name="validation">The files of a separate validation source; empty to hold out a part of the training data.</param>
    /// <param name="signature">The signature of the model as it is trained: an open first dimension of all inputs allows batches of any size.</param>
    /// <param name="memory">The largest number of bytes that stay in memory.</param>
    /// <param name="seed">The seed of the division, of the order and of augmentation.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="CompressionException">MB1019: a file cannot be used.</exception>
    public static TrainingSet Open(
        IReadOnlyList<string> files,
        IReadOnlyList<string> validation,
        ModelSignature signature,
        long memory,
        ulong seed,
        CancellationToken cancellationToken
    ) =>
        Create(
            memory,
            store =>
            {
                var reader = new FileBlocks(signature, store);
                return new TrainingSet(
                    store,
                    reader.Read(files, cancellationToken),
                    validation.Count == 0 ? null : reader.Read(validation, cancellationToken),
                    seed
                );
            }
        );

    /// <summary>Copies the rows of calls, such as the calibration samples that are not held out.</summary>
    /// <param name="samples">The calls.</param>
    /// <param name="signature">The signature of the model as it is trained.</param>
    /// <param name="memory">The largest number of bytes that stay in memory.</param>
    /// <param name="seed">The seed of the division, of the order and of augmentation.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="CompressionException">MB1019: a call cannot be used.</exception>
    public static TrainingSet Copy(ISampleSource samples, ModelSignature signature, long memory, ulong seed, CancellationToken cancellationToken) =>
        Create(
            memory,
            store => new TrainingSet(
                store,
                [.. samples.Read(cancellationToken).Select(sample => FileBlocks.Guard(sample.File, () => new SampleBlocks(signature, store).Read(sample)))],
                validation: null,
                seed
            )
        );

    /// <summary>Throws if a label is not the number of a class.</summary>
    /// <param name="classes">The number of classes; null when it is unknown.</param>
    /// <exception cref="CompressionException">MB1019: a label is not a class.</exception>
    public void CheckLabels(long? classes)
    {
        _training.CheckLabels(classes);
        _validation.CheckLabels(classes);
    }

    /// <summary>
    /// Returns batches of training rows without end. All batches have <paramref name="size"/> rows; those of a model that takes a fixed number of rows in a
    /// call have one row each.
    /// </summary>
    /// <param name="size">The number of rows of a batch.</param>
    /// <param name="augmentations">The changes of images; null for none.</param>
    /// <param name="skip">The number of batches to skip, to continue where training stopped. Skipped batches are not read.</param>
    /// <exception cref="CompressionException">MB1005: the changes are not possible for the inputs.</exception>
    public IEnumerable<TrainingBatch> Training(int size, Augmentations? augmentations = null, int skip = 0)
    {
        if (augmentations == Augmentations.None)
            augmentations = null;
        if (augmentations is not null)
            Augmenter.Check(augmentations, Inputs);
        var augmenter = augmentations is null ? null : new Augmenter(augmentations, DerivedSeed.Of(_seed, Changes));
        var order = new BatchOrder(_training, _trainingRows, size).Shuffled(DerivedSeed.Of(_seed, Order));
        return order.Skip(skip).Select(draws => new TrainingBatch(_training, draws, augmenter));
    }

    /// <summary>
    /// Returns batches of training rows without augmentation, each row once. If there are more rows than the limit, a random choice is used that is always the
    /// same. Batches may be incomplete.
    /// </summary>
    /// <param name="size">The largest number of rows of a batch.</param>
    /// <param name="most">The largest number of rows.</param>
    public IEnumerable<TrainingBatch> Sample(int size, int most)
    {
        int[] rows = [.. _trainingRows];
        if (rows.Length > most)
        {
            Permutation.Shuffle(rows, DerivedSeed.Of(_seed, Choice));
            rows = [.. rows.Take(most).Order()];
        }

        return new BatchOrder(_training, rows, size).InOrder().Select(draws => new TrainingBatch(_training, draws, augmenter: null));
    }

    /// <summary>Returns batches of the held-out rows without augmentation, always in the same order. Batches may be incomplete.</summary>
    /// <param name="size">The largest number of rows of a batch.</param>
    public IEnumerable<TrainingBatch> HeldOut(int size) =>
        new BatchOrder(_validation, _heldOutRows, size).InOrder().Select(draws => new TrainingBatch(_validation, draws, augmenter: null));

    public void Dispose() => _store.Dispose();

    // Returns the inputs of all shapes in the training data, because the inputs of the smallest images decide which changes of images are possible.
    private IEnumerable<InputTensor> Inputs =>
        _training
            .Blocks.SelectMany(block => block.Inputs)
            .Select(input => input.Tensor)
            .DistinctBy(tensor => (tensor.Name, string.Join(',', tensor.Type.Shape)));

    private static TrainingSet Create(long memory, Func<RowStore, TrainingSet> create)
    {
        var store = new RowStore(memory);
        try
        {
            return create(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
