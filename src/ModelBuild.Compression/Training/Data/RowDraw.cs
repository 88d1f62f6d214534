namespace ModelBuild.Compression.Training.Data;

/// <summary>A row in one epoch of a training.</summary>
/// <param name="Row">The number of the row.</param>
/// <param name="Epoch">The number of the epoch, from 0 on.</param>
internal readonly record struct RowDraw(int Row, int Epoch);
