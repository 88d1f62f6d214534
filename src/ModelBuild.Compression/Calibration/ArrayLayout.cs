namespace ModelBuild.Compression.Calibration;

/// <summary>Specifies how the elements of an array in a data file are divided among calls.</summary>
internal enum ArrayLayout
{
    /// <summary>The array has the rank of the input: a call takes some rows of it.</summary>
    Rows,

    /// <summary>The array has one axis more than the input: a call takes one complete input.</summary>
    Slices,

    /// <summary>The array is a scalar: each call takes it.</summary>
    Repeated,
}
